// Knows the single keys of the board; they rest while somebody types, while a dialog is open, or when turned off.

import { say } from "../announce.js";
import { current, focusRow, rows } from "./rows.js";

const PLACE = "dispatch-keys";

export function watchKeys({ assigning, pause, sound }) {
  const list = document.querySelector("[data-keys-dialog]");
  const button = document.querySelector("[data-keys]");
  const isOn = list.querySelector("[data-keys-on]");
  isOn.checked = localStorage.getItem(PLACE) !== "off";
  isOn.addEventListener("change", () => localStorage.setItem(PLACE, isOn.checked ? "on" : "off"));
  delete button.dataset.waits;
  button.addEventListener("click", () => list.showModal());

  const acts = {
    j: () => step(1),
    k: () => step(-1),
    a: () => current()?.querySelector('[data-action="assign"]')?.click(),
    u: () => current()?.querySelector('[data-action="undo"]')?.click(),
    l: () => rows().length && focusRow(rows()[0]),
    f: () => {
      const filter = document.querySelector("[data-filter]");
      filter?.focus(); // from there Tab leads into what it opens
      filter?.click();
    },
    p: () => pause.toggle(),
    m: () => say(sound.mute()),
    "?": () => list.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    const isWith = event.ctrlKey || event.metaKey || event.altKey;
    if (isTyping || isWith || event.repeat || list.open || assigning.dialog.open) return;
    if (!isOn.checked && event.key !== "?") return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function step(by) {
  const all = rows();
  const here = all.indexOf(current());
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  if (all[next]) focusRow(all[next]);
}
