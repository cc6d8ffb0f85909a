"use strict";

const { describe, it } = require("node:test");
const assert = require("node:assert/strict");
const { parse, write } = require("..");

describe("write", () => {
  it("quotes what has to be quoted", () => {
    assert.equal(write([{ a: "x", b: 'y,"z"' }]), 'a,b\nx,"y,""z"""\n');
  });

  it("writes what parse reads", () => {
    const records = [{ a: "1\n2", b: "" }, { a: ",", b: '"' }];
    assert.deepEqual(parse(write(records)), records);
  });
});
