(function () {
  "use strict";
  // Before anything is painted. A browser may refuse storage for files; then the system decides.
  try {
    var chosen = localStorage.getItem("swe-audit-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) {
    document.documentElement.dataset.storage = "none";
  }
})();
