(function () {
  "use strict";

  // The line of a diff in the address: #line=<place>,<file>,<pane>,<row>, from 0; the place is
  // the id of what the file stands in.
  function fileAt(text) {
    var parts = text.split(",");
    var root = document.getElementById(parts[0]);
    return root && root.querySelectorAll("details.file")[Number(parts[1])];
  }

  function rowAt(text) {
    var parts = text.split(",");
    var file = fileAt(text);
    var pane = file && file.querySelectorAll(".pane")[Number(parts[2])];
    return (pane && pane.querySelectorAll("tr")[Number(parts[3])]) || null;
  }

  function addressOf(row) {
    var pane = row.closest(".pane");
    var file = fileOf(row);
    if (!pane || !file) return "";
    var panes = Array.from(row.closest("details.file").querySelectorAll(".pane"));
    return [file, panes.indexOf(pane), row.rowIndex].join(",");
  }

  function fileOf(inside) {
    var file = inside.closest("details.file");
    var root = file && file.parentElement.closest("[id]");
    if (!root) return "";
    return root.id + "," + Array.from(root.querySelectorAll("details.file")).indexOf(file);
  }

  // Browsers load lazy frames of files at once, so that only a fold that opens gives them a source.
  function load(frame, fragment) {
    frame.hidden = false;
    frame.src = frame.dataset.src + fragment;
  }

  document.addEventListener(
    "toggle",
    function (event) {
      var frame = event.target.open && event.target.querySelector(":scope > .framed > iframe");
      if (frame && frame.hidden) load(frame, "");
    },
    true
  );

  // A long file is a frame, which knows its lines by itself.
  function revealFramed(text) {
    var file = fileAt(text);
    var frame = file && file.querySelector("iframe");
    if (!frame) return;
    load(frame, "#line=" + text.split(",").slice(2).join(","));
    unfold(frame);
    file.scrollIntoView();
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
      if (!row) {
        revealFramed(hash.slice(5));
        return;
      }
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
  addEventListener("message", function (event) {
    if (!/^line=\d+,\d+$/.test(event.data)) return;
    document.querySelectorAll(".framed iframe").forEach(function (frame) {
      var file = frame.contentWindow === event.source && fileOf(frame);
      if (file) history.replaceState(null, "", "#line=" + file + "," + event.data.slice(5));
    });
  });
  addEventListener("hashchange", reveal);
  reveal();

  var opened = [];
  addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll("details:not([open])")).filter(
      function (one) {
        return !one.querySelector(":scope > .framed");
      }
    );
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
