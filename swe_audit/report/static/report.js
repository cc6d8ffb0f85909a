(function () {
  "use strict";

  function themes() {
    var root = document.documentElement;
    var button = document.getElementById("theme");
    var order = ["auto", "light", "dark"];
    function show(theme) {
      button.querySelector("span").textContent = theme;
    }
    button.hidden = false;
    show(root.dataset.theme || "auto");
    button.addEventListener("click", function () {
      var next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
      if (next === "auto") delete root.dataset.theme;
      else root.dataset.theme = next;
      show(next);
      try {
        localStorage.setItem("swe-audit-theme", next);
      } catch (error) {
        root.dataset.storage = "none";
      }
    });
  }

  function taskTable() {
    var table = document.getElementById("task-table");
    var form = document.getElementById("filters");
    if (!table || !form) return;
    var body = table.tBodies[0];
    var heads = Array.from(table.tHead.rows[0].cells);
    var rows = Array.from(body.rows);
    var shown = document.getElementById("shown");
    var names = ["q", "status", "defect", "difficulty", "repository"];
    var sort = { key: "status", down: false };

    rows.forEach(function (row) {
      row.searchText = row.textContent.toLowerCase();
    });

    function apply() {
      var wanted = {};
      names.forEach(function (name) {
        wanted[name] = form.elements[name].value;
      });
      var words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      rows.forEach(function (row) {
        var data = row.dataset;
        var keep =
          (!wanted.status || data.status === wanted.status) &&
          (!wanted.defect || data.defect.split(" ").includes(wanted.defect)) &&
          (!wanted.difficulty || data.difficulty === wanted.difficulty) &&
          (!wanted.repository || data.repository === wanted.repository) &&
          words.every(function (word) {
            return row.searchText.includes(word);
          });
        row.hidden = !keep;
        if (keep) count += 1;
      });
      shown.textContent =
        count === rows.length
          ? "All " + rows.length + (rows.length === 1 ? " task" : " tasks")
          : count + " of " + rows.length + (rows.length === 1 ? " task" : " tasks");
    }

    function order() {
      var at = heads.findIndex(function (head) {
        return head.dataset.key === sort.key;
      });
      var keyed = rows.map(function (row, nth) {
        var value = row.cells[at].dataset.value;
        var number = value === "" ? NaN : Number(value);
        return { row: row, nth: nth, value: value, number: number };
      });
      keyed.sort(function (a, b) {
        if ((a.value === "") !== (b.value === "")) return a.value === "" ? 1 : -1;
        var numeric = !Number.isNaN(a.number) && !Number.isNaN(b.number);
        var by = numeric ? a.number - b.number : a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
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

    function remember() {
      var hash = new URLSearchParams();
      names.forEach(function (name) {
        if (form.elements[name].value) hash.set(name, form.elements[name].value);
      });
      if (sort.key !== "status" || sort.down) {
        hash.set("sort", sort.key);
        if (sort.down) hash.set("dir", "desc");
      }
      var text = hash.toString();
      history.replaceState(null, "", text ? "#" + text : location.pathname + location.search);
    }

    function recall() {
      if (location.hash && !location.hash.includes("=")) return false;
      var hash = new URLSearchParams(location.hash.slice(1));
      names.forEach(function (name) {
        form.elements[name].value = hash.get(name) || "";
        if (form.elements[name].selectedIndex === -1) form.elements[name].value = "";
      });
      var known = heads.some(function (head) {
        return head.dataset.key === hash.get("sort");
      });
      sort = { key: known ? hash.get("sort") : "status", down: known && hash.get("dir") === "desc" };
      return location.hash.length > 1;
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
    addEventListener("hashchange", function () {
      if (recall()) order();
      apply();
    });

    var linked = recall();
    if (linked) {
      order();
      document.getElementById("tasks").scrollIntoView();
    }
    apply();
  }

  function disclosures() {
    var opened = [];
    function reveal() {
      var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
      if (!target) return;
      var inside = target.querySelector("details.patch");
      if (inside) inside.open = true;
      for (var up = target.closest("details"); up; up = up.parentElement.closest("details")) {
        up.open = true;
      }
    }
    addEventListener("hashchange", reveal);
    reveal();
    addEventListener("beforeprint", function () {
      opened = Array.from(document.querySelectorAll("details:not([open])"));
      opened.forEach(function (one) {
        one.open = true;
      });
    });
    addEventListener("afterprint", function () {
      opened.forEach(function (one) {
        one.open = false;
      });
    });
  }

  // What failed stands at the end of a log.
  function logs() {
    document.querySelectorAll("pre.log").forEach(function (log) {
      function toEnd() {
        log.scrollTop = log.scrollHeight;
      }
      log.closest("details").addEventListener("toggle", toEnd);
      toEnd();
    });
  }

  themes();
  logs();
  taskTable();
  disclosures();
})();
