(function () {
  "use strict";

  function themes() {
    // A page in a frame takes its colours from the page around it, and leads nowhere else.
    if (parent !== window) {
      document.querySelector(".brand").hidden = true;
      return;
    }
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
      postMessage("theme=" + next, "*");
      try {
        localStorage.setItem("swe-audit-theme", next);
      } catch (error) {
        root.dataset.storage = "none";
      }
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
})();
