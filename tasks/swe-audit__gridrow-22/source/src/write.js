"use strict";

/** Write records as a table; the first one names the columns. */
function write(records, { delimiter = "," } = {}) {
  if (records.length === 0) {
    return "";
  }
  const header = Object.keys(records[0]);
  const rows = [header, ...records.map((record) => header.map((name) => record[name]))];
  return rows.map((row) => row.map((field) => quoted(field, delimiter)).join(delimiter) + "\n").join("");
}

function quoted(field, delimiter) {
  const text = field === undefined || field === null ? "" : String(field);
  const risky = text.includes(delimiter) || /["\n\r]/.test(text);
  return risky ? `"${text.replace(/"/g, '""')}"` : text;
}

module.exports = { write };
