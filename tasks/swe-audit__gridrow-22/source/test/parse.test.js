"use strict";

const { describe, it } = require("node:test");
const assert = require("node:assert/strict");
const { parse } = require("..");

describe("parse", () => {
  it("reads a table by its header", () => {
    assert.deepEqual(parse("name,age\nAda,36\nBo,7\n"), [
      { name: "Ada", age: "36" },
      { name: "Bo", age: "7" },
    ]);
  });

  it("takes any single character as delimiter", () => {
    assert.deepEqual(parse("a;b\n1;2", { delimiter: ";" }), [{ a: "1", b: "2" }]);
    assert.throws(() => parse("a", { delimiter: "::" }), TypeError);
  });

  it("reads quoted fields", () => {
    assert.deepEqual(parse('a,b\n"1,5","say ""hi""\nto her"\n'), [{ a: "1,5", b: 'say "hi"\nto her' }]);
  });

  it("fills rows that are too short and leaves empty lines out", () => {
    assert.deepEqual(parse("a,b\n1\n\n2,3\n"), [
      { a: "1", b: "" },
      { a: "2", b: "3" },
    ]);
  });
});
