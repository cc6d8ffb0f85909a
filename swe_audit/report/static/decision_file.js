// decisions.yaml in the browser: the part of YAML that the program writes, read and written.
var decisionFile = (function () {
  "use strict";
  var FIELDS = ["finding", "reviewer", "decision", "reason", "note", "at", "blind"];
  var CHOICES = ["confirm", "dispute", "defer"];

  function plain(text) {
    var whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, "?");
    whole = whole.replace(/(^|[^\ud800-\udbff])[\udc00-\udfff]/g, "$1?");
    return whole
      .replace(/\r\n?|[\u0085\u2028\u2029\v\f\x1c-\x1e]/g, "\n")
      .replace(/[^\P{Z}\n]/gu, " ")
      .replace(/[^\P{C}\n\t]/gu, "")
      .trim();
  }

  function scalar(text, indent) {
    var word = /^(true|false|null|yes|no|on|off|y|n)$/i;
    if (/^[A-Za-z][\w .,;()\/:-]*$/.test(text) && !/: |[: ]$/.test(text) && !word.test(text)) {
      return text;
    }
    if (text.includes("\n") && !/[ \t](\n|$)|^[ \t]/.test(text)) {
      return "|-\n" + text.replace(/^(?=.)/gm, indent);
    }
    return "'" + text.replace(/\n/g, " ").replace(/'/g, "''") + "'";
  }

  function write(decisions, findings) {
    var blocks = new Map();
    findings.forEach(function (finding) {
      blocks.set(finding, "");
    });
    decisions
      .slice()
      .sort(function (a, b) {
        var left = a.finding + "\0" + a.reviewer.toLowerCase();
        var right = b.finding + "\0" + b.reviewer.toLowerCase();
        return left < right ? -1 : left > right ? 1 : 0;
      })
      .forEach(function (one) {
        var lines = FIELDS.filter(function (field) {
          return field !== "blind" || one.blind;
        }).map(function (field) {
          return field + ": " + scalar(plain(one[field] || ""), "    ");
        });
        var block = "- " + lines.join("\n  ") + "\n";
        blocks.set(one.finding, (blocks.get(one.finding) || "") + block);
      });
    var text =
      "# What reviewers decided about the findings of this run: confirm, dispute or defer.\n" +
      "# One block for each finding, in the order of their ids. Comments of your own are not kept.\n" +
      "schema_version: 1\ndecisions:\n";
    Array.from(blocks.keys())
      .sort()
      .forEach(function (finding) {
        text += "\n# " + plain(finding).replace(/\s+/g, " ") + "\n" + blocks.get(finding);
      });
    return text;
  }

  function fail(line, what) {
    throw new Error("line " + line + ": " + what);
  }

  function unquoted(text, line) {
    if (text[0] === '"') {
      if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) fail(line, "a quoted text has no end on its line");
      var short = { a: "\x07", e: "\x1b", v: "\v", 0: "\0", N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029" };
      return text.slice(1, -1).replace(/\\(x..|u....|U........|.)/g, function (_, code) {
        if (/^[xuU]./.test(code)) return String.fromCodePoint(parseInt(code.slice(1), 16));
        if (code in short) return short[code];
        return { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" }[code] || code;
      });
    }
    if (text[0] === "'") {
      if (!/^'(?:[^']|'')*'$/.test(text)) fail(line, "a quoted text has no end on its line");
      return text.slice(1, -1).replace(/''/g, "'");
    }
    if (/^[[{&*!%@`>]/.test(text) || /: |:$| #/.test(text)) fail(line, "this cannot be read here");
    return text === "null" || text === "~" ? "" : text;
  }

  // The lines of a block text are those that are indented deeper than its key.
  function block(lines, at, depth, keep) {
    var end = at;
    while (end < lines.length && (!lines[end].trim() || /^ */.exec(lines[end])[0].length > depth)) {
      end += 1;
    }
    var body = lines.slice(at, end);
    var first = body.find(function (line) {
      return line.trim();
    });
    var indent = first ? /^ */.exec(first)[0].length : 0;
    var text = body
      .map(function (line) {
        return line.slice(indent);
      })
      .join("\n")
      .replace(/\n+$/, "");
    return { text: keep ? text + "\n" : text, end: end };
  }

  function checked(record, line) {
    ["finding", "reviewer", "decision"].forEach(function (key) {
      if (!record[key]) fail(line, "the decision has no " + key);
    });
    ["decision", "blind"].forEach(function (key) {
      if (record[key] && !CHOICES.includes(record[key])) {
        fail(line, key + " '" + record[key] + "' is none of " + CHOICES.join(", "));
      }
    });
    if (record.at && Number.isNaN(Date.parse(record.at))) fail(line, "'at' is no moment");
    return record;
  }

  function read(text) {
    var lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
    var records = [];
    var current = null;
    var began = 0;
    var depth = 0;
    var inside = false;
    function done() {
      if (current) records.push(checked(current, began));
      current = null;
    }
    for (var at = 0; at < lines.length; at += 1) {
      var line = lines[at];
      if (!line.trim() || /^\s*#/.test(line) || line === "---") continue;
      var top = /^([a-z_]+):\s*(.*)$/.exec(line);
      if (top && !/^\s/.test(line)) {
        done();
        inside = top[1] === "decisions";
        if (inside && top[2] && top[2] !== "[]") fail(at + 1, "decisions is not a list");
        if (top[1] === "schema_version" && top[2] !== "1") fail(at + 1, "schema_version is not 1");
        continue;
      }
      if (!inside) continue;
      var field = /^(\s*)(- +)?([A-Za-z_]+):(?: +(.*))?$/.exec(line);
      if (!field) fail(at + 1, "this cannot be read here");
      if (field[2]) {
        done();
        current = {};
        began = at + 1;
        depth = field[1].length + field[2].length;
      }
      if (!current || (!field[2] && field[1].length !== depth)) {
        fail(at + 1, "this cannot be read here");
      }
      if (field[3] in current) fail(at + 1, "the key '" + field[3] + "' stands there twice");
      var style = /^\|([1-9])?([-+]?)$/.exec(field[4] || "");
      if (style) {
        var found = block(lines, at + 1, depth, style[2] !== "-");
        current[field[3]] = found.text;
        at = found.end - 1;
      } else {
        current[field[3]] = unquoted((field[4] || "").trim(), at + 1);
      }
    }
    done();
    return records;
  }

  return { read: read, write: write, plain: plain };
})();
