(function () {
  "use strict";

  var body = document.body;
  var list = document.getElementById("list");
  if (!list || !body.classList.contains("triage")) return;
  if (window.top !== window.self) {
    window.top.location.replace(location.href);
    return;
  }
  var items = Array.from(list.children);
  var byId = new Map(
    items.map(function (item) {
      return [item.dataset.id, item];
    })
  );
  var WORDS = { confirm: "confirmed", dispute: "disputed", defer: "deferred" };
  var served = body.dataset.reviewer !== "";

  function el(id) {
    return document.getElementById(id);
  }

  var store = null;
  var own = new Map();
  var others = new Map();
  var current = null;
  var frame = el("page");
  var note = el("note");
  var form = el("filter");
  var waiting = Promise.resolve();
  var noteTimer = 0;
  var unsaved = new Map();
  var failed = false;
  var stay = 0;

  // One request after another, so that the last click is what stays.
  function run(work, said) {
    waiting = waiting.then(work).then(
      function (told) {
        failed = false;
        take(told);
        complain(told.warning || "");
        if (said) el("saved").textContent = said(told);
      },
      function (error) {
        failed = unsaved.size > 0;
        el("saved").textContent = "";
        items.forEach(mark);
        complain((failed ? "Not saved: " : "") + error.message);
      }
    );
    return waiting;
  }

  // What a server did not take is kept here, sent again with the next click, and exported too.
  function send() {
    return Array.from(unsaved.values()).reduce(function (before, decision) {
      return before.then(function () {
        return store.put(decision).then(function (told) {
          if (unsaved.get(decision.finding) === decision) unsaved.delete(decision.finding);
          return told;
        });
      });
    }, Promise.resolve()).then(function (told) {
      return told || store.load();
    });
  }

  function complain(text) {
    el("problem").textContent = text;
    el("problem").hidden = !text;
  }

  function take(told) {
    own = new Map(
      told.own.map(function (one) {
        return [one.finding, one];
      })
    );
    unsaved.forEach(function (one, id) {
      own.set(id, one);
    });
    others = new Map();
    told.others.forEach(function (one) {
      others.set(one.finding, (others.get(one.finding) || []).concat(one));
    });
    items.forEach(mark);
    progress();
    desk();
  }

  function differ(id) {
    return (others.get(id) || []).some(function (one) {
      return one.decision !== own.get(id).decision;
    });
  }

  function mark(item) {
    var one = own.get(item.dataset.id);
    var place = item.querySelector(".mine");
    place.hidden = !one;
    place.className = "mine small" + (one ? " m-" + one.decision : "");
    place.textContent = !one
      ? ""
      : (WORDS[one.decision] +
        (one.reason ? "" : ", no reason yet") +
        (differ(item.dataset.id) ? ", others differ" : "") +
        (failed && unsaved.has(item.dataset.id) ? ", not saved" : ""));
  }

  function progress() {
    var known = items.filter(function (item) {
      return own.has(item.dataset.id);
    });
    var put = known.filter(function (item) {
      return own.get(item.dataset.id).decision === "defer";
    }).length;
    el("progress").textContent =
      known.length - put + " of " + items.length + " decided" +
      (store.reviewer() ? " by " + store.reviewer() : "") +
      ", " + put + " deferred, " + (items.length - known.length) + " left";
  }

  // The desk shows the current finding; a note that is being written is left alone.
  function desk() {
    if (!current) return;
    var id = current.dataset.id;
    var one = own.get(id);
    el("decide-h").textContent = current.dataset.defect + ": " + current.dataset.label;
    document.querySelectorAll("[data-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(!!one && button.dataset.choice === one.decision));
    });
    document.querySelectorAll(".reasons").forEach(function (group) {
      group.hidden = !one || group.dataset.for !== one.decision;
      group.querySelectorAll("button").forEach(function (button) {
        button.setAttribute("aria-pressed", String(!!one && button.dataset.reason === one.reason));
      });
    });
    var offered = document.querySelector(".reasons:not([hidden]) [aria-pressed=true]");
    el("own-reason").hidden = !one || !one.reason || !!offered;
    el("own-reason").textContent = one ? "Your reason: " + one.reason : "";
    el("note-row").hidden = !one;
    if (document.activeElement !== note) note.value = one ? one.note || "" : "";
    el("undo").disabled = !one || others.has(id);
    var told = el("others");
    told.replaceChildren();
    (others.get(id) || []).forEach(function (other) {
      var line = document.createElement("p");
      var who = document.createElement("b");
      who.textContent = other.reviewer + " " + WORDS[other.decision] + " it";
      line.append(who, meaning(other) ? ": " + meaning(other) : ".", other.note ? "\n" + other.note : "");
      told.append(line);
    });
  }

  function meaning(one) {
    var button = Array.from(
      document.querySelectorAll('.reasons[data-for="' + one.decision + '"] button')
    ).find(function (each) {
      return each.dataset.reason === one.reason;
    });
    return button ? button.lastChild.textContent.trim() : one.reason || "";
  }

  function show(item) {
    if (!item) return;
    flush();
    if (current) current.removeAttribute("aria-current");
    current = item;
    current.setAttribute("aria-current", "true");
    if (item.offsetTop < list.scrollTop) list.scrollTop = item.offsetTop;
    var below = item.offsetTop + item.offsetHeight - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
    if (document.activeElement === note) note.blur();
    el("saved").textContent = "";
    history.replaceState(null, "", "#at=" + encodeURIComponent(item.dataset.id));
    el("open").href = item.dataset.page;
    stay = window.scrollY;
    frame.contentWindow.location.replace(new URL(item.dataset.page, location.href).href);
    desk();
  }

  function shownItems() {
    return items.filter(function (item) {
      return !item.hidden;
    });
  }

  function step(by) {
    var shown = shownItems();
    var at = shown.indexOf(current);
    if (at < 0) {
      var place = items.indexOf(current);
      show(by > 0
        ? shown.find(function (item) { return items.indexOf(item) > place; })
        : shown.filter(function (item) { return items.indexOf(item) < place; }).pop());
    } else show(shown[at + by]);
  }

  function put(changes) {
    if (!current) return;
    var id = current.dataset.id;
    var before = own.get(id) || {};
    var decision = {
      finding: id,
      decision: changes.decision || before.decision,
      reason: "reason" in changes ? changes.reason : before.reason || "",
      note: "note" in changes ? changes.note : before.note || "",
    };
    if (!served && !store.reviewer()) {
      el("reviewer").focus();
      complain("Enter your name first: decisions are kept by reviewer.");
      return;
    }
    unsaved.set(id, decision);
    own.set(id, Object.assign({}, before, decision));
    el("saved").textContent = "Saving\u2026";
    mark(current);
    desk();
    run(send, function () {
      return unsaved.size ? "Saving\u2026" : "Saved " + new Date().toLocaleTimeString();
    });
  }

  function choose(choice) {
    var before = current && own.get(current.dataset.id);
    if (before && before.decision === choice) return;
    put({ decision: choice, reason: "" });
  }

  function flush() {
    clearTimeout(noteTimer);
    noteTimer = 0;
    var one = current && own.get(current.dataset.id);
    if (one && note.value !== (one.note || "")) put({ note: note.value });
  }

  function apply() {
    var wanted = form.elements;
    var words = wanted.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    items.forEach(function (item) {
      var one = own.get(item.dataset.id);
      var mine = wanted.mine.value;
      var text = item.textContent.toLowerCase();
      item.hidden = !(
        (!wanted.defect.value || item.dataset.defect === wanted.defect.value) &&
        (!wanted.confidence.value || item.dataset.confidence === wanted.confidence.value) &&
        (!mine || (mine === "open" ? !one : !!one && (mine === "differ" ? differ(item.dataset.id) : one.decision === mine))) &&
        words.every(function (word) {
          return text.includes(word);
        })
      );
      if (!item.hidden) count += 1;
    });
    el("shown").textContent = count === items.length ? "All " + count : count + " of " + items.length;
  }

  function download() {
    flush();
    waiting
      .then(function () {
        var mine = Array.from(own.values());
        return store.all ? store.all() : mine.concat(Array.from(others.values()).flat());
      })
      .then(function (all) {
        all = all.map(function (one) {
          return Object.assign({ reviewer: store.reviewer() }, one);
        });
        var ids = items.map(function (item) {
          return item.dataset.id;
        });
        var link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([decisionFile.write(all, ids)], { type: "text/yaml" }));
        link.download = "decisions.yaml";
        link.click();
        setTimeout(function () {
          URL.revokeObjectURL(link.href);
        }, 1000);
      });
  }

  function upload(event) {
    var file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    run(
      function () {
        return file.text().then(store.merge);
      },
      function (told) {
        return "Took " + told.taken + (told.taken === 1 ? " decision in" : " decisions in");
      }
    ).then(apply);
  }

  var KEYS = {
    j: step.bind(null, 1),
    k: step.bind(null, -1),
    c: choose.bind(null, "confirm"),
    d: choose.bind(null, "dispute"),
    f: choose.bind(null, "defer"),
    u: function () {
      el("undo").click();
    },
    n: function () {
      if (own.has(current.dataset.id)) note.focus();
      else el("saved").textContent = "Choose first, then say why";
    },
    o: function () {
      el("open").click();
    },
    "/": function () {
      window.focus();
      form.elements.q.focus();
      form.elements.q.select();
    },
    "?": function () {
      window.focus();
      el("help").showModal();
    },
  };
  var keys = el("keys");

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || el("help").open) return;
    var typing = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "Escape" && typing) {
      event.target.blur();
      return;
    }
    if (typing || keys.getAttribute("aria-pressed") !== "true") return;
    var group = document.querySelector(".reasons:not([hidden])");
    var reason = /^[1-9]$/.test(event.key) && group && group.children[Number(event.key) - 1];
    if (reason) reason.click();
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", pressed);
  // Keys work inside the evidence too, where the browser lets a page look into its frame.
  frame.addEventListener("load", function () {
    requestAnimationFrame(function () {
      window.scrollTo(0, stay); // a frame that goes to its place takes the window along
    });
    try {
      frame.contentDocument.addEventListener("keydown", pressed);
    } catch (error) {
      frame.dataset.keys = "none";
    }
  });
  keys.addEventListener("click", function () {
    var on = keys.getAttribute("aria-pressed") !== "true";
    keys.setAttribute("aria-pressed", String(on));
    keys.querySelector("span").textContent = on ? "on" : "off";
  });
  list.addEventListener("click", function (event) {
    var item = event.target.closest("li");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(item);
  });
  document.querySelectorAll("[data-choice]").forEach(function (button) {
    button.addEventListener("click", choose.bind(null, button.dataset.choice));
  });
  document.querySelectorAll("[data-reason]").forEach(function (button) {
    button.addEventListener("click", function () {
      put({ reason: button.dataset.reason });
    });
  });
  note.addEventListener("input", function () {
    clearTimeout(noteTimer);
    noteTimer = setTimeout(flush, 500);
  });
  note.addEventListener("blur", flush);
  el("undo").addEventListener("click", function () {
    if (el("undo").disabled) return;
    clearTimeout(noteTimer);
    var id = current.dataset.id;
    unsaved.delete(id);
    run(
      function () {
        return store.remove(id);
      },
      function () {
        return "Taken back";
      }
    );
  });
  el("next").addEventListener("click", step.bind(null, 1));
  el("previous").addEventListener("click", step.bind(null, -1));
  el("export").addEventListener("click", download);
  el("import").addEventListener("click", function () {
    el("import-file").click();
  });
  el("import-file").addEventListener("change", upload);
  el("help-open").addEventListener("click", KEYS["?"]);
  addEventListener("beforeunload", function (event) {
    if (unsaved.size) event.preventDefault();
  });
  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  form.addEventListener("input", apply);
  form.addEventListener("reset", function () {
    setTimeout(apply);
  });

  store = served
    ? decisionStore.server(body.dataset.reviewer)
    : decisionStore.browser(body.dataset.run, el("reviewer"), function () {
        run(store.load);
      });
  run(store.load).then(function () {
    var at = new URLSearchParams(location.hash.slice(1)).get("at");
    apply();
    show(
      byId.get(at) ||
        items.find(function (item) {
          return !own.has(item.dataset.id);
        }) ||
        items[0]
    );
  });
})();
