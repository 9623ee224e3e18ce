// Knows what a request leaves behind: a placeholder of the same height that says how it ended, without
// buttons. It collapses once pointer and focus are off the board, so nothing moves under the hand.

import { attention, watchAttention } from "./attention.js";
import { focusRow, nextOf } from "./rows.js";

export function watchLeaving(tally) {
  const board = document.querySelector("[data-board]");
  watchAttention();
  document.querySelector("main").addEventListener("dispatch:before-remove", (event) => {
    const { element, outcome, isSnapshot } = event.detail;
    if (!board.contains(element)) return;
    if (isSnapshot && !outcome && !attention.isOn) return;
    event.preventDefault();
    leave(element, outcome);
    tally.count();
    attention.whenAway(collapse);
  });
  attention.whenAway(collapse);
  guardClicks(board);

  function collapse() {
    for (const row of board.querySelectorAll("[data-left]")) row.remove();
    tally.count();
  }
}

function leave(row, outcome) {
  const hadFocus = row.contains(document.activeElement);
  const next = hadFocus ? nextOf(row) : null;
  const { height } = row.getBoundingClientRect();
  const requestor = row.querySelector(".requestor")?.firstChild?.textContent.trim() ?? "";
  const cell = document.createElement("td");
  cell.colSpan = row.cells.length - 1;
  cell.className = "left";
  cell.setAttribute("role", "cell");
  const name = document.createElement("s");
  name.textContent = requestor;
  const words = outcome?.firstElementChild?.cloneNode(true) ?? document.createElement("span");
  if (!words.textContent.trim()) words.textContent = "No longer in this list";
  words.classList.add("outcome");
  cell.append(name, words);
  row.replaceChildren(row.cells[0], cell);
  row.dataset.left = "";
  row.removeAttribute("data-counted");
  delete row.dataset.urgency;
  delete row.dataset.claimed;
  row.style.blockSize = `${height}px`; // the rows below stay where they are
  if (hadFocus) focusRow(next);
}

// A click counts only where the finger went down: the row under it may have left in between.
function guardClicks(board) {
  let pressed = null;
  const entity = (event) => event.target.closest?.("[data-entity]")?.dataset.entity ?? "";
  board.addEventListener("pointerdown", (event) => (pressed = entity(event)), true);
  board.addEventListener(
    "click",
    (event) => {
      const isOther = event.detail > 0 && pressed !== null && entity(event) !== pressed;
      if (isOther || event.target.closest("[data-left]")) {
        event.preventDefault();
        event.stopPropagation();
      }
      pressed = null;
    },
    true,
  );
}
