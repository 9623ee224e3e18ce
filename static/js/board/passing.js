// Knows which of the requested times pass while the dialog is open: by server time they can't be chosen any more.
//
// The server refuses such a time in any case; this spares somebody the press.

import { clock } from "../clock.js";
import { digest } from "../digest.js";

export function watchTimes(sheet) {
  const times = [...sheet.querySelectorAll("[data-accept]")]
    .map((button) => ({ button, at: Date.parse(button.value), note: button.querySelector("[data-passed]") }))
    .filter(({ at }) => at); // "now" does not pass
  const stop = clock.onTick(() => {
    if (!sheet.isConnected) return stop();
    for (const time of times) {
      const isPast = time.at <= clock.now();
      if (isPast !== time.button.disabled) turn(time, isPast);
    }
    return undefined;
  });
}

function turn({ button, note }, isPast) {
  const hadFocus = button === document.activeElement;
  note.hidden = !isPast; // held since the beginning: meanwhile the button may say "Accepting…"
  button.disabled = isPast;
  if (!isPast) return;
  const words = button.querySelector("time")?.textContent ?? "A requested time";
  digest(`time ${button.value}`, `${words} has passed and can't be chosen any more.`);
  const next = button.parentElement.querySelector("[role=menuitem]:not(:disabled)");
  if (hadFocus) (next ?? button.closest("[data-sheet]").querySelector("h2")).focus();
}
