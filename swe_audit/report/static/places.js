(function () {
  "use strict";

  // The line of a diff in the address: #line=<candidate>,<file>,<left or right>,<row>, from 0.
  function rowAt(text) {
    var parts = text.split(",");
    var root = document.getElementById(parts[0]);
    var file = root && root.querySelectorAll("details.file")[Number(parts[1])];
    var pane = file && file.querySelectorAll(".pane")[Number(parts[2])];
    return (pane && pane.querySelectorAll("tr")[Number(parts[3])]) || null;
  }

  function addressOf(row) {
    var pane = row.closest(".pane");
    var file = row.closest("details.file");
    var root = row.closest("article.candidate");
    if (!pane || !file || !root) return "";
    var files = Array.from(root.querySelectorAll("details.file"));
    var panes = Array.from(file.querySelectorAll(".pane"));
    return [root.id, files.indexOf(file), panes.indexOf(pane), row.rowIndex].join(",");
  }

  function unfold(target) {
    for (var up = target.closest("details"); up; up = up.parentElement.closest("details")) {
      up.open = true;
    }
  }

  function reveal() {
    var hash = location.hash.slice(1);
    document.querySelectorAll("tr.linked").forEach(function (one) {
      one.classList.remove("linked");
    });
    if (hash.startsWith("line=")) {
      var row = rowAt(hash.slice(5));
      if (!row) return;
      unfold(row);
      row.classList.add("linked");
      row.scrollIntoView({ block: "center" });
      return;
    }
    var target = hash && document.getElementById(hash);
    if (!target) return;
    var inside = target.querySelector("details.patch");
    if (inside) inside.open = true;
    unfold(target);
    if (target.matches("code, details")) target.scrollIntoView({ block: "center" });
  }

  document.addEventListener("click", function (event) {
    var number = event.target.closest(".pane td.n");
    var address = number && addressOf(number.parentElement);
    if (!address) return;
    history.replaceState(null, "", "#line=" + address);
    reveal();
  });
  addEventListener("hashchange", reveal);
  reveal();

  var opened = [];
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
})();
