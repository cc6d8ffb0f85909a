(function () {
  "use strict";

  // In a pane that has the focus, Enter links to its first line and the arrows go on from there.
  document.addEventListener("keydown", function (event) {
    var step = { Enter: 0, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !event.target.matches(".pane .scroll")) return;
    var rows = Array.from(event.target.querySelectorAll("tr.context, tr.add, tr.del"));
    var at = rows.findIndex(function (row) {
      return row.classList.contains("linked");
    });
    if (!rows.length || (at < 0 && step)) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, at + step))].querySelector("td.n").click();
  });

  document.querySelectorAll(".linking").forEach(function (hint) {
    hint.hidden = false;
  });
})();
