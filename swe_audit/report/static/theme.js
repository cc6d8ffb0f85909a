(function () {
  "use strict";
  // Before anything is painted. A browser may refuse storage for files; then the system decides.
  try {
    var chosen = localStorage.getItem("swe-audit-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) {
    document.documentElement.dataset.storage = "none";
  }
  // A page and the frames in it change their colours together.
  addEventListener("message", function (event) {
    var ours = event.source === parent || event.source === window;
    var said = ours && /^theme=(auto|light|dark)$/.exec(event.data);
    if (!said) return;
    if (said[1] === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = said[1];
    document.querySelectorAll("iframe").forEach(function (frame) {
      frame.contentWindow.postMessage(event.data, "*");
    });
  });
})();
