// Knows the counts above the board and in the tab's title: of what is on the page, by server time.

import { clock } from "../clock.js";
import { counterText } from "../elements/elapsed-time.js";

export function watchTally() {
  const main = document.querySelector("main");
  const board = document.querySelector("[data-board]");
  const empty = document.querySelector("[data-board-empty]");
  const tally = { count, tick, waiting: () => living().length, longest: () => digits(living()) };

  main.addEventListener("dispatch:frame", count);
  main.addEventListener("dispatch:over", () => queueMicrotask(count));
  count();
  return tally;

  function living() {
    return [...board.querySelectorAll("tr[data-entity]:not([data-left])")];
  }

  function count() {
    const here = living();
    const elsewhere = [...main.querySelectorAll("[data-elsewhere] tr[data-entity]")];
    const over = here.filter(isOver).length;
    const lateElsewhere = elsewhere.filter(isOver).length;
    write("waiting", here.length);
    write("all", here.length + elsewhere.length);
    write("over", over);
    write("over-elsewhere", lateElsewhere);
    write("longest", digits(here) || "none");
    const state = main.querySelector("[data-tally-over]");
    state.dataset.tallyOver = over;
    sayElsewhere(lateElsewhere);
    empty.hidden = board.querySelector("tr[data-entity]") !== null;
    providers();
    document.title = `(${over ? `${over}!` : here.length}) Requests · Dispatch`;
  }

  // Once a second: the longest wait, and toggles and breaks whose end has come.
  function tick() {
    if ("paused" in document.body.dataset) return;
    write("longest", digits(living()) || "none");
    providers();
  }

  function providers() {
    const toggles = [...main.querySelectorAll('.provider-line[data-mode="on_demand"]')];
    const available = toggles.filter(isAvailable);
    write("available", available.length);
    write("providers", toggles.length);
  }

  function sayElsewhere(number) {
    const line = main.querySelector('[data-line="elsewhere"]');
    if (!line) return; // no filter, nothing is elsewhere
    const words = line.querySelector("[data-plural]");
    words.textContent = number === 1 ? words.dataset.one : words.dataset.many;
    line.toggleAttribute("data-idle", number === 0);
  }

  function write(name, value) {
    for (const element of main.querySelectorAll(`[data-tally="${name}"]`)) {
      if (element.textContent !== String(value)) element.textContent = value;
    }
  }
}

function isAvailable({ dataset }) {
  const isAway = Date.parse(dataset.back ?? "") > clock.now();
  return !isAway && Date.parse(dataset.until ?? "") > clock.now();
}

function isOver(row) {
  const element = row.querySelector("elapsed-time");
  const since = Date.parse(element?.getAttribute("since") ?? "");
  return clock.now() - since >= Number(element?.getAttribute("target-seconds")) * 1000;
}

function digits(rows) {
  const since = rows[0]?.querySelector("elapsed-time")?.getAttribute("since");
  return since ? counterText((clock.now() - Date.parse(since)) / 1000) : "";
}
