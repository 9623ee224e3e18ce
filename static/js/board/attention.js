// Knows whether somebody's pointer or focus is on the board: then nothing moves under the hand.
//
//   attention.isOn          the pointer is over the frame or pressed, or the focus is inside it
//   attention.whenAway(fn)  fn() each time pointer and focus have been away for a moment

const AWAY_MS = 2000;

const frame = () => document.querySelector("[data-board]");
const waiting = new Set();
let isOver = false;
let isPressed = false;
let timer = null;

export const attention = {
  get isOn() {
    return isOver || isPressed || (frame()?.contains(document.activeElement) ?? false);
  },
  whenAway(fn) {
    waiting.add(fn);
    look();
  },
};

function look() {
  if (attention.isOn) {
    clearTimeout(timer);
    timer = null;
    return;
  }
  timer ??= setTimeout(() => {
    timer = null;
    if (!attention.isOn) for (const fn of [...waiting]) fn();
  }, AWAY_MS);
}

/** Begin to watch; a finger that was lifted is no pointer any more. */
export function watchAttention() {
  const board = frame();
  const set = (over) => () => {
    isOver = over;
    look();
  };
  board.addEventListener("pointerenter", set(true));
  board.addEventListener("pointerleave", set(false));
  board.addEventListener("pointerdown", () => (isPressed = true));
  const lift = (event) => {
    isPressed = false;
    if (event.pointerType !== "mouse") isOver = false;
    look();
  };
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, lift);
  document.addEventListener("focusin", look);
  document.addEventListener("focusout", () => setTimeout(look));
  document.documentElement.addEventListener("pointerleave", set(false));
}
