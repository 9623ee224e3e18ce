// Knows how many seconds are left to undo: digits beside the button's word, for eyes only. Screen readers are
// told once that there are ten seconds; a number that changes each second would drown everything else.
//
// <span data-seconds-until="2026-11-22T10:34:10.000Z" aria-hidden="true"></span>   shows " (7)", and nothing once
// that instant has come or while the page is held still

import { clock } from "./clock.js";

clock.onTick(() => {
  const isHeld = "paused" in document.body.dataset;
  for (const place of document.querySelectorAll("[data-seconds-until]")) {
    const left = Math.ceil((Date.parse(place.dataset.secondsUntil) - clock.now()) / 1000);
    const digits = left > 0 && !isHeld ? ` (${left})` : "";
    if (place.textContent !== digits) place.textContent = digits;
  }
});
