// Knows what is particular to the pages on which a patient asks: what is wrong comes first, how many characters of
// the note are left, and who is there now.
//
//   [data-count-for=id]     says how many characters are left in the field of that id, which has data-limit
//   [data-look-again]       is fetched anew each minute, as the page without scripts is

import { parse } from "./markup.js";
import { morph } from "./morph.js";

const LOOKS_AGAIN = 60_000; // ms

export function start() {
  const main = document.querySelector("main");
  main.querySelector(".error-summary")?.focus();
  for (const count of main.querySelectorAll("[data-count-for]")) follow(count);
  if (main.querySelector("[data-look-again]")) keepLooking();
}

// Who is there has no stream that a patient may follow; a station that stays signed in shows it for hours.
function keepLooking() {
  setInterval(lookAgain, LOOKS_AGAIN);
  document.addEventListener("visibilitychange", () => document.hidden || lookAgain());
}

async function lookAgain() {
  const answer = await fetch(location.href).catch(() => null); // away: next time
  if (!answer?.ok || answer.redirected) return;
  const fresh = parse(await answer.text()).querySelector("[data-look-again]");
  if (fresh) morph(document.querySelector("[data-look-again]"), fresh);
}

function follow(count) {
  const field = document.getElementById(count.dataset.countFor);
  const limit = Number(field.dataset.limit);
  const tell = () => {
    const left = limit - field.value.trim().length;
    const letters = Math.abs(left) === 1 ? "character" : "characters";
    count.dataset.state = left < 0 ? "over" : "within";
    count.textContent = left < 0 ? `${-left} ${letters} too many` : `${left} ${letters} left`;
  };
  field.addEventListener("input", tell);
  tell();
}
