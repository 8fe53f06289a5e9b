// Keeps what somebody types until it has been sent, and says so when sending fails.
"use strict";
(() => {
  const keyOf = (field) => `draft ${field.dataset.draft}`;

  function restore() {
    for (const field of document.querySelectorAll("[data-draft]")) {
      const kept = window.sessionStorage.getItem(keyOf(field));
      if (kept && !field.value) field.value = kept;
    }
  }

  function unsent(form, isHidden) {
    const words = form && form.querySelector(".unsent");
    if (words) words.hidden = isHidden;
  }

  document.addEventListener("input", (event) => {
    if (event.target.dataset.draft) {
      window.sessionStorage.setItem(keyOf(event.target), event.target.value);
    }
  });
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    unsent(event.detail.elt.closest("form"), true);
  });
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.body.addEventListener(failure, (event) => {
      unsent(event.detail.elt.closest("form"), false);
    });
  }
  // Forgotten only after the server has said that it has the text.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const field = event.detail.elt.querySelector && event.detail.elt.querySelector("[data-draft]");
    if (field && event.detail.xhr.status === 200 && event.detail.elt.matches("form")) {
      window.sessionStorage.removeItem(keyOf(field));
    }
  });

  restore();
})();
