(function () {
  "use strict";
  var MOST = 2000000;

  // As in text.py: what would be invisible or reorder the text is shown as what it is.
  function visible(text) {
    return text
      .replace(/\r\n/g, "\n")
      .replace(/\x1b(?:\[[0-?]*[ -\/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])/g, "")
      .replace(/[\x00-\x08\x0b-\x1f]/g, function (one) {
        return String.fromCharCode(0x2400 + one.charCodeAt(0));
      })
      .replace(/\x7f/g, "\u2421")
      .replace(/[\x80-\x9f]/g, "\ufffd")
      .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, function (one) {
        return "\u27e8U+" + one.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "\u27e9";
      });
  }

  function log(data) {
    var shown = document.getElementById("log");
    var note = document.getElementById("note");
    var bytes = Uint8Array.from(atob(data.textContent.trim()), function (one) {
      return one.charCodeAt(0);
    });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    new Response(stream).text().then(
      function (text) {
        if (text.length > MOST) {
          var cut = text.indexOf("\n", text.length - MOST) + 1 || text.length - MOST;
          note.textContent = "Only the end is shown; the file has all of it.";
          text = text.slice(cut);
        }
        shown.textContent = visible(text);
        shown.hidden = false;
        // What failed stands at the end of a log.
        scrollTo(0, document.documentElement.scrollHeight);
      },
      function (error) {
        note.textContent = "This browser cannot unpack it: " + error + ".";
      }
    );
  }

  // A line's address here: #line=<left or right>,<row>, from 0. The page around is told, for
  // its address is the one that people copy.
  function diff() {
    var panes = Array.from(document.querySelectorAll(".pane"));
    function reveal() {
      var at = /^#line=(\d+),(\d+)$/.exec(location.hash);
      var pane = at && panes[Number(at[1])];
      var row = pane && pane.querySelectorAll("tr")[Number(at[2])];
      document.querySelectorAll("tr.linked").forEach(function (one) {
        one.classList.remove("linked");
      });
      if (!row) return;
      row.classList.add("linked");
      row.scrollIntoView({ block: "center" });
    }
    document.addEventListener("click", function (event) {
      var number = event.target.closest(".pane td.n");
      if (!number) return;
      var at = panes.indexOf(number.closest(".pane")) + "," + number.parentElement.rowIndex;
      history.replaceState(null, "", "#line=" + at);
      reveal();
      if (parent !== window) parent.postMessage("line=" + at, "*");
    });
    addEventListener("hashchange", reveal);
    reveal();
  }

  var data = document.getElementById("data");
  if (data) log(data);
  else diff();
})();
