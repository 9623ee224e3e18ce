// Knows what the board says to people who listen: one digest of arrivals, late requests and outcomes.

import { clock } from "../clock.js";
import { digest } from "../digest.js";

export function watchWords(tally) {
  const main = document.querySelector("main");
  const board = document.querySelector("[data-board]");
  const late = new Set();
  const outcomes = [];
  let arrived = 0;

  main.addEventListener("dispatch:put", ({ detail: { element, isNew, isSnapshot } }) => {
    if (!isNew || isSnapshot || !board.contains(element)) return;
    arrived += 1;
    digest("arrivals", sayArrivals);
  });
  main.addEventListener("dispatch:over", ({ target }) => {
    const row = target.closest("[data-number]");
    if (!row || !board.contains(row)) return;
    late.add(row.dataset.number);
    digest("late", sayLate);
  });
  main.addEventListener("dispatch:before-remove", ({ detail: { element, outcome } }) => {
    if (!outcome || !board.contains(element)) return;
    outcomes.push(`Request ${element.dataset.number}: ${outcome.textContent.trim().replace(/\s+/g, " ")}.`);
    digest("outcomes", sayOutcomes);
  });

  function sayArrivals() {
    const words = arrived === 1 ? "1 new request." : `${arrived} new requests.`;
    arrived = 0;
    return `${words} ${tally.waiting()} waiting. Longest wait ${longest()}.`;
  }

  function sayLate() {
    const numbers = [...late];
    late.clear();
    if (!numbers.length) return "";
    return `${numbers.length === 1 ? "Request" : "Requests"} ${numbers.join(", ")} over target.`;
  }

  function sayOutcomes() {
    const said = outcomes.length > 3 ? `${outcomes.length} requests were answered.` : outcomes.join(" ");
    outcomes.length = 0;
    return said;
  }

  function longest() {
    const since = board.querySelector("tr:not([data-left]) elapsed-time")?.getAttribute("since");
    const minutes = Math.max(0, Math.floor((clock.now() - Date.parse(since ?? "")) / 60_000));
    return minutes === 1 ? "1 minute" : `${minutes || "under 1"} ${minutes ? "minutes" : "minute"}`;
  }
}
