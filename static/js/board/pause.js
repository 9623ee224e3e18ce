// Knows how to hold the board still (WCAG 2.2.2): rows, order and counters freeze, the changes are counted.
//
// While paused, a copy of the page that nobody sees follows the streams. On resuming, the page's own view
// takes its streams up from where the page was loaded; whole entities make that safe to repeat.

import { say } from "../announce.js";
import { live } from "../live.js";
import { level } from "./level.js";

const REMIND_MS = 120_000;

export function watchPause(tally) {
  const main = document.querySelector("main");
  const button = document.querySelector("[data-pause]");
  const line = document.querySelector('[data-line="paused"]');
  const words = document.querySelector("[data-paused-count]");
  const changed = new Set();
  let shadow = null;
  let reminder = null;

  delete button.dataset.waits;
  button.addEventListener("click", toggle);
  document.querySelector("[data-resume]").addEventListener("click", () => {
    resume();
    button.focus();
  });
  return { toggle };

  function toggle() {
    if (shadow) resume();
    else pause();
  }

  async function pause() {
    const copy = main.cloneNode(true);
    shadow = copy;
    show(true);
    freeze(true);
    await level(live.addView("paused", copy));
    if (shadow !== copy) return;
    live.removeView("page");
    live.removeView("elsewhere");
    document.body.dataset.paused = "held";
    copy.addEventListener("dispatch:frame", ({ detail }) => {
      for (const entity of detail.entities) changed.add(entity);
      count();
    });
    copy.addEventListener("dispatch:put", ({ detail }) => {
      const isRequest = detail.entity.startsWith("request:");
      if (detail.isNew && isRequest) document.dispatchEvent(new CustomEvent("dispatch:new-while-paused"));
    });
    reminder = setTimeout(() => say("Updates are still paused."), REMIND_MS);
  }

  function resume() {
    live.removeView("paused");
    shadow = null;
    clearTimeout(reminder);
    changed.clear();
    freeze(false);
    live.addView("page", main);
    const elsewhere = main.querySelector("[data-elsewhere]");
    if (elsewhere) live.addView("elsewhere", elsewhere);
    show(false);
    tally.count();
  }

  function show(isPaused) {
    line.hidden = !isPaused;
    button.setAttribute("aria-pressed", String(isPaused));
    if (isPaused) document.body.dataset.paused = "";
    else delete document.body.dataset.paused;
    count();
    say(isPaused ? "Updates are paused." : "Updates go on.");
  }

  function count() {
    const number = changed.size;
    words.textContent = number ? `${number} ${number === 1 ? "change" : "changes"} waiting.` : "No changes waiting.";
  }

  // A counter that is asked to tick does nothing until the board goes on.
  function freeze(isFrozen) {
    for (const counter of main.querySelectorAll("elapsed-time")) {
      if (isFrozen) {
        counter.seen(false);
        counter.seen = () => {};
      } else {
        delete counter.seen;
        counter.seen(true);
      }
    }
  }
}
