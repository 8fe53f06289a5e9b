// Keeps the live part of a page fresh: clocks tick here, through the service hours that the server
// sent along; the rest comes from the server, which answers 304 as long as nothing has changed.
"use strict";
(() => {
  const HOLD_MS = 12000;
  const HOVER_MS = 1500;
  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const lostSince = document.getElementById("lost-since");
  const words = live.dataset;
  const patienceMs = Math.max(12000, 3000 * Number(words.refreshSeconds));
  let tag = words.tag;
  let aheadMs = 0; // how far the server's clock is ahead of this one
  let goodAt = Date.now();
  let visibleAt = Date.now();
  let heldAt = 0;
  let pressed = false;
  let hoveredAt = 0;

  document.documentElement.classList.add("with-script");

  function countdown(seconds) {
    const all = Math.floor(Math.abs(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const days = Math.floor(all / 86400);
    const hours = Math.floor(all / 3600);
    if (days) {
      const rest = hours - days * 24;
      return `${days} ${words.dayUnit}` + (rest ? ` ${rest} h` : "");
    }
    const minutes = Math.floor(all / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
  }

  function clockTime(ms) {
    const language = document.documentElement.lang;
    return new Date(ms).toLocaleTimeString(language, { hourCycle: "h23" });
  }

  function say(row, selector, text) {
    const place = row && row.querySelector(selector);
    if (place && place.textContent !== text) place.textContent = text;
  }

  function tickOne(count, now) {
    const zero = Number(count.dataset.zero);
    const stops = count.dataset.stops ? Number(count.dataset.stops) : Infinity;
    const left = zero - Math.min(now, stops);
    const row = count.closest(".row, .clock-card");
    count.textContent = countdown(left);
    if (now > stops) {
      say(row, ".word", words.rests);
    } else if (left < 0 && row && !row.classList.contains("missed")) {
      row.classList.remove("on_time", "at_risk");
      row.classList.add("missed");
      say(row, ".word", words.overdue);
    }
  }

  function stretchesOf(clock) {
    const moments = (clock.dataset.stretches || "").trim().split(/\s+/).filter(Boolean).map(Number);
    const found = [];
    for (let at = 0; at + 1 < moments.length; at += 2) found.push([moments[at], moments[at + 1]]);
    return found;
  }

  // How a promise stands: the same as urgency.py, from the service hours of its row.
  function standing(clock, now) {
    const { due, near, beyond } = clock.dataset;
    if (now > Number(due)) return { risk: "missed", left: now - Number(due) };
    const ahead = stretchesOf(clock);
    const left = ahead.reduce(
      (sum, [begins, ends]) => sum + Math.max(0, ends - Math.max(begins, now)),
      Number(beyond),
    );
    const isNear = left <= Number(near);
    const isOpen = ahead.some(([begins, ends]) => begins <= now && now < ends);
    if (isOpen || left === 0) return { risk: isNear ? "at_risk" : "on_time", left, isNear };
    const next = ahead.findIndex(([begins]) => begins > now);
    const until = next < 0 ? "" : clock.dataset.openings.split("|")[next];
    return { risk: "rest", left, isNear, until };
  }

  function tickClock(clock, now) {
    const row = clock.closest(".row");
    const { risk, left, isNear, until } = standing(clock, now);
    const rests = until ? words.restsUntil.replace("{}", until) : words.rests;
    say(clock, ".count", countdown(left));
    say(clock, ".word", risk === "missed" ? "" : risk === "rest" ? rests : words.left);
    say(clock, ".risk", risk === "missed" ? words.overdue : isNear ? words.atRisk : "");
    if (row && !row.classList.contains(risk)) {
      row.classList.remove("missed", "at_risk", "on_time", "rest");
      row.classList.add(risk);
    }
  }

  function looked() {
    goodAt = Date.now();
    const place = document.getElementById("looked");
    if (place) place.textContent = clockTime(goodAt);
  }

  function tick() {
    const now = (Date.now() + aheadMs) / 1000;
    for (const count of live.querySelectorAll("[data-zero]")) tickOne(count, now);
    for (const clock of live.querySelectorAll("[data-due]")) tickClock(clock, now);
    const since = Math.max(goodAt, visibleAt);
    const isLost = !document.hidden && Date.now() - since > patienceMs;
    if (isLost && lost.hidden) {
      lostSince.textContent = clockTime(goodAt);
    }
    lost.hidden = !isLost;
    document.documentElement.classList.toggle("is-lost", isLost);
  }

  // How many wait is read to whoever cannot see the rows change.
  function announce(title) {
    if (!title || title === document.title) return;
    document.title = title;
    const place = document.getElementById("announced");
    if (place) place.textContent = title;
  }

  // What somebody has folded or scrolled stays so when the part around it is new.
  const kept = new Map();
  live.addEventListener("toggle", ({ target }) => {
    if (target.id) kept.set(target.id, { open: target.open });
  }, true);
  live.addEventListener("scroll", ({ target }) => {
    if (target.id) kept.set(target.id, { scrollTop: target.scrollTop });
  }, true);

  function adopt() {
    const part = document.getElementById("part");
    if (!part) return;
    for (const [id, state] of kept) Object.assign(document.getElementById(id) || {}, state);
    aheadMs = Number(part.dataset.now) * 1000 - Date.now();
    announce(part.dataset.title);
    tick();
  }

  function busy() {
    const selection = document.getSelection();
    const selects = selection && !selection.isCollapsed && live.contains(selection.anchorNode);
    const chooses = document.activeElement && document.activeElement.matches("#live select");
    return pressed || selects || chooses || Date.now() - hoveredAt < HOVER_MS;
  }

  // A row must not move away from under a finger: somebody else's ticket would be taken.
  function holds() {
    if (!busy()) {
      heldAt = 0;
      return false;
    }
    heldAt = heldAt || Date.now();
    return Date.now() - heldAt < HOLD_MS;
  }

  // The clock of this machine may be set while the page is open. To the second is all that the
  // answer says, so that smaller differences are left alone.
  function adjust(xhr) {
    const said = Date.parse(xhr.getResponseHeader("Date") || "");
    const ahead = said + 500 - Date.now();
    if (Math.abs(ahead - aheadMs) > 2000) aheadMs = ahead;
  }

  function tagOf(xhr) {
    return (xhr.getResponseHeader("ETag") || "").replace(/^W\//, "").replaceAll('"', "");
  }

  live.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => { pressed = false; });
  }
  live.addEventListener("pointermove", (event) => {
    if (event.target.closest(".take")) hoveredAt = Date.now();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.submit();
  });
  // A page that slept, or that comes back from the browser's history, is behind.
  function wake() {
    if (document.hidden) return;
    visibleAt = Date.now();
    tick();
    if (window.htmx) window.htmx.trigger(live, "refresh");
  }
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });

  document.body.addEventListener("htmx:configRequest", (event) => {
    if (event.target === live && tag) event.detail.headers["If-None-Match"] = `"${tag}"`;
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig, target } = event.detail;
    if (target !== live || !event.detail.shouldSwap) return;
    if (requestConfig.verb === "get" && holds()) {
      event.detail.shouldSwap = false;
      return;
    }
    tag = tagOf(xhr);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 200 || xhr.status === 304) looked();
    if (event.target !== live || xhr.status !== 304) return;
    tag = tagOf(xhr) || tag;
    adjust(xhr);
  });
  for (const swapped of ["htmx:afterSwap", "htmx:oobAfterSwap"]) {
    document.body.addEventListener(swapped, adopt);
  }

  adopt();
  window.setInterval(tick, 1000);
  // Without its library the page still shows what is new, a little later.
  if (!window.htmx) window.setTimeout(() => window.location.reload(), 15000);
})();
