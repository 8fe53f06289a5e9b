// Opens links inside the phone they arrived on, lets a phone ring, and keeps the desk in step.
"use strict";
(() => {
  const RING_MS = 1600;
  const counts = new Map();
  let lines = document.getElementById("story")?.dataset.lines;

  function phoneOf(id) {
    return document.getElementById(id);
  }

  function refreshDesk() {
    const inner = document.getElementById("board")?.contentWindow;
    const live = inner?.document.getElementById("live");
    if (live && inner.htmx) inner.htmx.trigger(live, "refresh");
  }

  function ring(phone) {
    phone.classList.add("rings");
    window.setTimeout(() => phone.classList.remove("rings"), RING_MS);
  }

  document.addEventListener("submit", (event) => {
    const id = event.target.dataset.opens;
    if (id) phoneOf(id).classList.add("is-open");
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-opens]");
    if (opener) phoneOf(opener.dataset.opens).classList.add("is-open");
    const closer = event.target.closest("[data-closes]");
    if (closer) phoneOf(closer.dataset.closes).classList.remove("is-open");
  });

  for (const frame of document.querySelectorAll(".opened")) {
    frame.addEventListener("load", () => {
      const messages = frame.parentElement.querySelector(".messages");
      if (window.htmx && messages) window.htmx.trigger(messages, "refresh");
      refreshDesk();
    });
  }
  for (const messages of document.querySelectorAll(".messages")) {
    counts.set(messages.id, Number(messages.dataset.count));
  }

  document.body.addEventListener("htmx:afterSwap", () => {
    for (const messages of document.querySelectorAll(".messages")) {
      const count = Number(messages.dataset.count);
      if (count > counts.get(messages.id)) ring(messages.closest(".phone"));
      counts.set(messages.id, count);
    }
    const story = document.getElementById("story");
    if (!story) return;
    // The language was changed in the desk's own frame: the rest of this page follows.
    if (story.dataset.language !== document.documentElement.lang) window.location.reload();
    if (story.dataset.lines !== lines) refreshDesk();
    lines = story.dataset.lines;
  });
})();
