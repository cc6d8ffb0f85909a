"use strict";

const { scan } = require("./scan");

/**
 * Read a table whose first row names its columns.
 *
 * Empty lines are left out; a row that is too short has empty fields at its end.
 */
function parse(text, { delimiter = "," } = {}) {
  if (delimiter.length !== 1) {
    throw new TypeError("a delimiter is a single character");
  }
  const [header, ...rows] = scan(text, delimiter);
  if (header === undefined) {
    return [];
  }
  return rows.filter((row) => row.length > 1 || row[0] !== "").map((row) => record(header, row));
}

function record(header, row) {
  const found = {};
  header.forEach((name, place) => {
    found[name] = row[place] === undefined ? "" : row[place];
  });
  return found;
}

module.exports = { parse };
