// Knows where a request may appear: at the end at once; in an old place only when nobody's hand is there.

import { prepare } from "../arrival.js";
import { insertInOrder } from "../places.js";
import { attention } from "./attention.js";
import { rows } from "./rows.js";

const FRESH_MS = 5000;

export function watchArrivals(tally) {
  const main = document.querySelector("main");
  const board = document.querySelector("[data-board]");
  const line = document.querySelector('[data-line="returned"]');
  const words = document.querySelector("[data-returned-words]");
  const newer = document.querySelector("[data-newer]");
  const waiting = new Map(); // entity -> {place, element}
  const unseen = new Set();

  main.addEventListener("dispatch:before-insert", (event) => {
    const { entity, element, place, isSnapshot } = event.detail;
    if (!board.contains(place) || !isBetween(element)) return;
    if (!waiting.has(entity) && (isSnapshot || !attention.isOn)) return;
    event.preventDefault();
    waiting.set(entity, { place, element });
    tell();
  });
  main.addEventListener("dispatch:gone", ({ detail }) => {
    if (waiting.delete(detail.entity)) tell();
  });
  main.addEventListener("dispatch:put", ({ detail: { element, isNew, isSnapshot } }) => {
    if (!isNew || !board.contains(element)) return;
    if (!isSnapshot) mark(element);
    if (!isSnapshot && element.getBoundingClientRect().top > innerHeight) unseen.add(element);
    look();
  });
  board.closest("main").querySelector("[data-show-returned]").addEventListener("click", show);
  newer.addEventListener("click", () => {
    const [first] = [...unseen].filter((element) => element.isConnected);
    unseen.clear();
    look();
    first?.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  });
  addEventListener("scroll", look, { passive: true });
  attention.whenAway(show);

  function show() {
    for (const { place, element } of waiting.values()) {
      prepare(element);
      insertInOrder(place, element);
      mark(element);
    }
    waiting.clear();
    tell();
    tally.count();
  }

  function tell() {
    line.hidden = waiting.size === 0;
    const numbers = [...waiting.values()].map(({ element }) => element.dataset.number);
    words.textContent = `${numbers.join(", ")} ${numbers.length === 1 ? "is" : "are"} back.`;
  }

  function look() {
    for (const element of unseen) {
      if (!element.isConnected || element.getBoundingClientRect().top <= innerHeight) unseen.delete(element);
    }
    newer.hidden = unseen.size === 0;
    const many = unseen.size === 1 ? "1 new request" : `${unseen.size} new requests`;
    newer.querySelector("span").textContent = many;
  }
}

function isBetween(element) {
  const last = rows().at(-1);
  return last !== undefined && element.dataset.order < last.dataset.order;
}

function mark(element) {
  element.dataset.fresh = "";
  setTimeout(() => delete element.dataset.fresh, FRESH_MS);
}
