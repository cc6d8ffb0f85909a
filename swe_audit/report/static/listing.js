(function () {
  "use strict";

  // A list that a form narrows down. Its state stands in the address, below a prefix of its own.
  function listing(form, items, prefix, noun) {
    if (!form) return null;
    var shown = form.querySelector(".shown");
    var names = Array.from(form.elements, function (one) {
      return one.name;
    }).filter(Boolean);
    var texts = null;

    function apply() {
      var wanted = names.filter(function (name) {
        return name !== "q" && form.elements[name].value;
      });
      var words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length && !texts) {
        texts = items.map(function (item) {
          return item.textContent.toLowerCase();
        });
      }
      var count = 0;
      items.forEach(function (item, nth) {
        var keep =
          wanted.every(function (name) {
            var value = item.dataset[name];
            var chosen = form.elements[name].value;
            return value === chosen || (name === "defect" && value.split(" ").includes(chosen));
          }) &&
          words.every(function (word) {
            return texts[nth].includes(word);
          });
        if (item.hidden === keep) item.hidden = !keep;
        if (keep) count += 1;
      });
      var of = items.length + " " + noun + (items.length === 1 ? "" : "s");
      shown.textContent = count === items.length ? "All " + of : count + " of " + of;
    }

    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
    });
    form.addEventListener("input", function () {
      apply();
      remember();
    });
    form.addEventListener("reset", function () {
      setTimeout(function () {
        apply();
        remember();
      });
    });
    return {
      apply: apply,
      write: function (hash) {
        names.forEach(function (name) {
          if (form.elements[name].value) hash.set(prefix + name, form.elements[name].value);
        });
      },
      read: function (hash) {
        var any = false;
        names.forEach(function (name) {
          var field = form.elements[name];
          field.value = hash.get(prefix + name) || "";
          if (field.selectedIndex === -1) field.value = "";
          if (hash.has(prefix + name)) any = true;
        });
        return any;
      },
      place: form.closest("section"),
    };
  }

  function sorter(table, rows) {
    var body = table.tBodies[0];
    var heads = Array.from(table.tHead.rows[0].cells);
    var ranked = ["status", "defect", "difficulty"];
    var sort = { key: "status", down: false };

    function valueOf(row, key, at) {
      var rank = ranked.indexOf(key);
      if (rank >= 0) return Number(row.dataset.ranks.split(" ")[rank]);
      var text = row.cells[at].textContent;
      return text !== "" && heads[at].classList.contains("num") ? Number(text) : text;
    }

    function order() {
      var at = heads.findIndex(function (head) {
        return head.dataset.key === sort.key;
      });
      var keyed = rows.map(function (row, nth) {
        return { row: row, nth: nth, value: valueOf(row, sort.key, at) };
      });
      keyed.sort(function (a, b) {
        if ((a.value === "") !== (b.value === "")) return a.value === "" ? 1 : -1;
        var by = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
        return (sort.down ? -by : by) || a.nth - b.nth;
      });
      body.append.apply(
        body,
        keyed.map(function (one) {
          return one.row;
        })
      );
      heads.forEach(function (head, nth) {
        if (nth === at) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }

    heads.forEach(function (head) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        sort = { key: head.dataset.key, down: sort.key === head.dataset.key && !sort.down };
        order();
        remember();
      });
    });
    return {
      order: order,
      write: function (hash) {
        if (sort.key !== "status" || sort.down) {
          hash.set("sort", sort.key);
          if (sort.down) hash.set("dir", "desc");
        }
      },
      read: function (hash) {
        var before = sort.key + sort.down;
        var known = heads.some(function (head) {
          return head.dataset.key === hash.get("sort");
        });
        sort = {
          key: known ? hash.get("sort") : "status",
          down: known && hash.get("dir") === "desc",
        };
        return before !== sort.key + sort.down;
      },
    };
  }

  // Next and previous finding, and search, by single keys that can be turned off.
  function keys(items, search) {
    var button = document.getElementById("keys");
    if (!button || !items.length) return;
    var on = true;
    try {
      on = localStorage.getItem("swe-audit-keys") !== "off";
    } catch (error) {
      document.documentElement.dataset.storage = "none";
    }
    function show() {
      button.setAttribute("aria-pressed", String(on));
      button.querySelector("span").textContent = on ? "on" : "off";
    }
    button.closest(".keys").hidden = false;
    button.addEventListener("click", function () {
      on = !on;
      show();
      try {
        localStorage.setItem("swe-audit-keys", on ? "on" : "off");
      } catch (error) {
        document.documentElement.dataset.storage = "none";
      }
    });
    show();
    document.addEventListener("keydown", function (event) {
      if (!on || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      if (event.key === "/") {
        event.preventDefault();
        search.focus();
        return;
      }
      var step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      var visible = step
        ? items.filter(function (item) {
            return !item.hidden;
          })
        : [];
      if (!visible.length) return;
      var at = visible.findIndex(function (item) {
        return item.contains(document.activeElement);
      });
      var next = at < 0 ? (step > 0 ? 0 : visible.length - 1) : at + step;
      var item = visible[Math.max(0, Math.min(visible.length - 1, next))];
      item.querySelector("a").focus({ preventScroll: true });
      item.scrollIntoView({ block: "center" });
    });
  }

  var parts = [];

  function remember() {
    var hash = new URLSearchParams();
    parts.forEach(function (part) {
      part.write(hash);
    });
    var text = hash.toString();
    history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
  }

  function recall() {
    var named = !location.hash.includes("=");
    if (named && location.hash) return;
    var hash = new URLSearchParams(location.hash.slice(1));
    var first = null;
    parts.forEach(function (part) {
      var any = part.read(hash);
      if (part.order && any) part.order();
      if (any && part.place && !first) first = part.place;
    });
    if (!first && (hash.has("sort") || hash.has("dir"))) first = document.getElementById("tasks");
    parts.forEach(function (part) {
      if (part.apply) part.apply();
    });
    if (first) first.scrollIntoView();
  }

  function start() {
    var list = document.getElementById("finding-list");
    var table = document.getElementById("task-table");
    var found = list ? Array.from(list.children) : [];
    var rows = table ? Array.from(table.tBodies[0].rows) : [];
    var findings = document.getElementById("finding-filters");
    var tasks = document.getElementById("task-filters");
    parts = [
      listing(findings, found, "f.", "finding"),
      listing(tasks, rows, "", "task"),
      table && sorter(table, rows),
    ].filter(Boolean);
    if (!parts.length) return;
    if (findings) keys(found, findings.elements.q);
    addEventListener("hashchange", recall);
    parts.forEach(function (part) {
      if (part.apply) part.apply();
    });
    recall();
  }

  start();
})();
