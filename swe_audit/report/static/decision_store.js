// Where decisions are kept, and what one reviewer may see of them.
var decisionStore = (function () {
  "use strict";

  // Decisions on a server: every answer is what the file holds for this reviewer.
  function server(reviewer) {
    function ask(path, content) {
      var options = content && {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(content),
      };
      return fetch(path, options).then(
        function (answer) {
          return answer.json().then(function (told) {
            if (!answer.ok) throw new Error(told.problem);
            return told;
          });
        },
        function () {
          throw new Error("The server does not answer. Start swe-audit triage again; what showed as saved is saved.");
        }
      );
    }
    return {
      reviewer: function () {
        return reviewer;
      },
      load: function () {
        return ask("decisions");
      },
      put: function (decision) {
        return ask("decisions", decision);
      },
      remove: function (finding) {
        return ask("decisions", { finding: finding, decision: null });
      },
      merge: function (text) {
        return ask("import", { text: text });
      },
    };
  }

  // Decisions in the browser, for a page that was published: the same rules, no server.
  function browser(run, field, renamed) {
    var key = "swe-audit-decisions:" + run;
    var memory = [];
    function recall(name) {
      try {
        return localStorage.getItem(name);
      } catch (error) {
        return null;
      }
    }
    function keep(name, text) {
      try {
        localStorage.setItem(name, text);
        return true;
      } catch (error) {
        return false;
      }
    }
    function all() {
      var stored = recall(key);
      if (stored) memory = JSON.parse(stored);
      return memory;
    }
    function same(a, b) {
      return a.finding === b.finding && a.reviewer.toLowerCase() === b.reviewer.toLowerCase();
    }
    function name() {
      return decisionFile.plain(field.value).replace(/\s+/g, " ");
    }
    function mine(one) {
      return one.reviewer.toLowerCase() === name().toLowerCase();
    }
    function visible(decisions) {
      var own = decisions.filter(mine);
      var judged = own.filter(settled).map(function (one) {
        return one.finding;
      });
      return {
        own: own,
        others: decisions.filter(function (one) {
          return !mine(one) && settled(one) && judged.includes(one.finding);
        }),
      };
    }
    function save(decisions) {
      memory = decisions;
      var kept = keep(key, JSON.stringify(decisions));
      var told = visible(decisions);
      if (!kept) told.warning = "This browser keeps nothing for this page: export before you leave.";
      return told;
    }
    field.value = recall("swe-audit-reviewer") || "";
    field.addEventListener("change", function () {
      keep("swe-audit-reviewer", name());
      renamed();
    });
    return {
      reviewer: name,
      all: all,
      load: function () {
        return Promise.resolve(visible(all()));
      },
      put: function (decision) {
        var before = all();
        var one = Object.assign({ reviewer: name(), at: moment() }, decision);
        var previous = before.find(same.bind(null, one));
        if (previous) {
          var seen = visible(before).others.some(function (other) {
            return other.finding === one.finding;
          });
          one.blind = previous.blind || "";
          if (!one.blind && seen && one.decision !== previous.decision) one.blind = previous.decision;
          if (one.blind === one.decision) one.blind = "";
        }
        return Promise.resolve(save(before.filter(differs(one)).concat(one)));
      },
      remove: function (finding) {
        return Promise.resolve(save(all().filter(differs({ finding: finding, reviewer: name() }))));
      },
      merge: function (text) {
        var merged = all();
        var taken = decisionFile.read(text);
        taken.forEach(function (one) {
          var previous = merged.find(same.bind(null, one));
          if (previous && Date.parse(previous.at) >= (Date.parse(one.at) || 0)) return;
          merged = merged.filter(differs(one)).concat(one);
        });
        var told = save(merged);
        told.taken = taken.length;
        return Promise.resolve(told);
      },
    };
    function differs(one) {
      return function (other) {
        return !same(one, other);
      };
    }
  }

  function settled(one) {
    return one.decision === "confirm" || one.decision === "dispute";
  }

  function moment() {
    return new Date().toISOString().replace(/\.\d+Z$/, "Z");
  }

  return { server: server, browser: browser };
})();
