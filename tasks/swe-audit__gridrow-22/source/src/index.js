"use strict";

const { parse } = require("./parse");
const { write } = require("./write");

module.exports = { parse, write };
