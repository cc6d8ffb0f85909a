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

  // Decisions in the browser, for a page that was published: the same rules, no server. They are
  // kept in IndexedDB, a record each: a browser under load was seen to show a page that it
  // reloads an empty localStorage, and one decision written there would have replaced all.
  function browser(run, field, renamed) {
    var memory = [];
    var opened = new Promise(function (done) {
      try {
        var asked = indexedDB.open("swe-audit", 1);
        asked.onupgradeneeded = function () {
          asked.result.createObjectStore("decisions");
          asked.result.createObjectStore("names");
        };
        asked.onsuccess = function () {
          done(asked.result);
        };
        asked.onerror = done.bind(null, null);
      } catch (error) {
        done(null);
      }
    });
    // What was asked, once the transaction is on disk; nothing where the browser keeps nothing.
    function transact(name, mode, ask) {
      return opened.then(function (database) {
        if (!database) return undefined;
        return new Promise(function (done, failed) {
          var transaction = database.transaction(name, mode, { durability: "strict" });
          var asked = ask(transaction.objectStore(name));
          transaction.oncomplete = function () {
            done(asked && asked.result);
          };
          transaction.onabort = function () {
            failed(transaction.error || new Error("The browser has no room for decisions."));
          };
        });
      });
    }
    function same(a, b) {
      return a.finding === b.finding && a.reviewer.toLowerCase() === b.reviewer.toLowerCase();
    }
    function differs(one) {
      return function (other) {
        return !same(one, other);
      };
    }
    function place(one) {
      return [run, one.finding, one.reviewer.toLowerCase()];
    }
    function name() {
      return decisionFile.plain(field.value).replace(/\s+/g, " ");
    }
    function mine(one) {
      return one.reviewer.toLowerCase() === name().toLowerCase();
    }
    function all() {
      return transact("decisions", "readonly", function (kept) {
        return kept.getAll(IDBKeyRange.bound([run], [run, []]));
      }).then(function (found) {
        if (found) memory = found;
        return memory;
      });
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
    function save(put, removed) {
      memory = put.concat(removed).reduce(function (left, one) {
        return left.filter(differs(one));
      }, memory).concat(put);
      return transact("decisions", "readwrite", function (kept) {
        removed.forEach(function (one) {
          kept.delete(place(one));
        });
        put.forEach(function (one) {
          kept.put(one, place(one));
        });
      }).then(told);
    }
    function told() {
      return Promise.all([opened, all()]).then(function (both) {
        var shown = visible(both[1]);
        if (!both[0] && both[1].length)
          shown.warning = "This browser keeps nothing for this page: export before you leave.";
        return shown;
      });
    }
    var recalled = transact("names", "readonly", function (names) {
      return names.get("reviewer");
    }).then(function (kept) {
      if (kept && !field.value) field.value = kept;
    });
    field.addEventListener("change", function () {
      var chosen = name();
      transact("names", "readwrite", function (names) {
        names.put(chosen, "reviewer");
      });
      renamed();
    });
    return {
      reviewer: name,
      all: all,
      load: function () {
        return recalled.then(told);
      },
      put: function (decision) {
        var one = Object.assign({ reviewer: name(), at: moment() }, decision);
        return all().then(function (before) {
          var previous = before.find(same.bind(null, one));
          if (previous) {
            var seen = visible(before).others.some(function (other) {
              return other.finding === one.finding;
            });
            one.blind = previous.blind || "";
            if (!one.blind && seen && one.decision !== previous.decision) one.blind = previous.decision;
            if (one.blind === one.decision) one.blind = "";
          }
          return save([one], []);
        });
      },
      remove: function (finding) {
        return save([], [{ finding: finding, reviewer: name() }]);
      },
      merge: function (text) {
        var taken = decisionFile.read(text);
        return all().then(function (before) {
          var newer = taken.reduce(function (newer, one) {
            var previous = newer.concat(before).find(same.bind(null, one));
            if (previous && Date.parse(previous.at) >= (Date.parse(one.at) || 0)) return newer;
            return newer.filter(differs(one)).concat(one);
          }, []);
          return save(newer, []).then(function (shown) {
            shown.taken = taken.length;
            return shown;
          });
        });
      },
    };
  }

  function settled(one) {
    return one.decision === "confirm" || one.decision === "dispute";
  }

  function moment() {
    return new Date().toISOString().replace(/\.\d+Z$/, "Z");
  }

  return { server: server, browser: browser };
})();
