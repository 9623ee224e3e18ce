// Knows the rows of the board as a person walks them: which live, which comes next, where the focus goes.

const BUTTON = "[data-action]";

const board = () => document.querySelector("[data-board]");

export function rows() {
  return [...board().querySelectorAll("tr[data-entity]:not([data-left])")];
}

/** Return the living row after this one, else the one before, else null. */
export function nextOf(row) {
  const all = [...board().querySelectorAll("tr[data-entity]")];
  const here = all.indexOf(row);
  const lives = (other) => !("left" in other.dataset);
  return all.slice(here + 1).find(lives) ?? all.slice(0, here).reverse().find(lives) ?? null;
}

/** Put the focus on the row's own button; on the board itself where there is no row. */
export function focusRow(row) {
  const target = row?.querySelector(BUTTON) ?? row ?? board();
  target.focus({ preventScroll: row === null });
}

export function current() {
  return document.activeElement?.closest?.("[data-board] tr[data-entity]") ?? null;
}
