// Drawing over a line of the calendar fills in the form below: which schedule, from when until
// when. Without this script the same is typed.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const rota = document.getElementById("rota");
  const change = document.getElementById("change");
  if (!rota || !change) return;
  const field = (name) => document.getElementById(`change-${name}`);
  const zone = rota.dataset.zone;
  const MIN_PIXELS = 6;
  const WEEK_SECONDS = 7 * 86400;

  // The server's wall clock: of the zone that the page is shown in, not of this machine.
  const clock = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
  function wall(seconds) {
    const parts = Object.fromEntries(
      clock.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]),
    );
    return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
  }

  let drawing = null;

  // Half hours in a week, hours in two, whole quarters of a day in four.
  function stepOf(lane) {
    const seconds = Number(lane.dataset.end) - Number(lane.dataset.begin);
    if (seconds < 1.5 * WEEK_SECONDS) return 1800;
    return seconds < 3 * WEEK_SECONDS ? 3600 : 21600;
  }

  // Steps are those of the wall clock, so that 09:00 can be met on both sides of a clock change.
  function snapped(lane, pageX) {
    const box = lane.getBoundingClientRect();
    const begin = Number(lane.dataset.begin);
    const end = Number(lane.dataset.end);
    const part = Math.min(Math.max((pageX - box.left) / box.width, 0), 1);
    const exact = begin + part * (end - begin);
    const step = stepOf(lane);
    const [hours, minutes] = wall(exact).slice(11).split(":").map(Number);
    const since = hours * 3600 + minutes * 60;
    const floor = Math.floor(exact / 60) * 60;
    const moment = floor - since + Math.round(since / step) * step;
    return Math.min(Math.max(moment, begin), end);
  }

  function show() {
    const { lane, rect, from, to } = drawing;
    const begin = Number(lane.dataset.begin);
    const length = Number(lane.dataset.end) - begin;
    const first = Math.min(from, to);
    rect.setAttribute("x", `${(100 * (first - begin)) / length}%`);
    rect.setAttribute("width", `${(100 * Math.abs(to - from)) / length}%`);
  }

  function forget() {
    for (const old of rota.querySelectorAll(".drawn")) old.remove();
    drawing = null;
  }

  rota.addEventListener("pointerdown", (event) => {
    const lane = event.target.closest(".can-drag");
    if (!lane || event.button) return;
    forget();
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", "drawn");
    rect.setAttribute("y", "1");
    rect.setAttribute("height", String(lane.getBoundingClientRect().height - 2));
    lane.append(rect);
    const from = snapped(lane, event.clientX);
    drawing = { lane, rect, from, to: from, x: event.clientX, moved: false };
    lane.setPointerCapture(event.pointerId);
  });
  rota.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.to = snapped(drawing.lane, event.clientX);
    drawing.moved = drawing.moved || Math.abs(event.clientX - drawing.x) >= MIN_PIXELS;
    show();
  });
  // The finger scrolls the page after all.
  rota.addEventListener("pointercancel", forget);
  rota.addEventListener("pointerup", () => {
    if (!drawing) return;
    const { lane, from, to, moved } = drawing;
    drawing = null;
    if (!moved || from === to) {
      forget();
      return;
    }
    field("schedule").value = lane.dataset.schedule;
    field("from").value = wall(Math.min(from, to));
    field("to").value = wall(Math.max(from, to));
    change.open = true;
    field("person").focus();
    change.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") forget();
  });

  // Whose place it is, is asked only where somebody takes one.
  function whose() {
    document.getElementById("change-whose").hidden = field("kind").value !== "replace";
  }
  field("kind").addEventListener("change", whose);
  whose();
})();
