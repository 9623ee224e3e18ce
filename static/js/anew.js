// Knows what a page says at its foot, seen and heard: why it was shown anew although nobody asked for that.
//
//   shownAnew(why)   why as docs/protocol.md names it; "new" is what every page begins with, and says nothing
//   failed(words)    what somebody asked this page for did not come: seen and heard at the same place
//
// A log that went back may have lost what somebody did: that stays on the page until it is closed. The rest
// only explains why everything moved at once, and goes by itself.

import { alarm, say } from "./announce.js";
import { clock } from "./clock.js";
import { inWords } from "./times.js";

const EXPLAINED_MS = 15_000;
const WORDS = {
  history: () =>
    `At ${inWords(clock.now(), "time")}, the clinic’s records went back to an earlier state. This page shows them as ` +
    "they are now. The last requests and answers before that may be missing: please check them.",
  behind: () => "This page was away for long. It now shows everything as it is.",
  hole: () => "The server could not tell this page what had changed. It now shows everything as it is.",
  lagging: () => "This page could not keep up. It now shows everything as it is.",
};

const place = document.getElementById("anew"); // there on every page with live parts
let timer = null;

place?.querySelector("button").addEventListener("click", close);

export function shownAnew(why) {
  const isGraver = why === "history";
  const isTold = place && (isGrave() || (!place.hidden && place.dataset.why === why));
  if (!WORDS[why] || isTold) return; // of several streams each says it
  const words = WORDS[why]();
  (isGraver ? alarm : say)(words);
  if (!place) return;
  show(words, why);
  if (!isGraver) timer = setTimeout(close, EXPLAINED_MS);
}

export function failed(words) {
  alarm(words);
  if (!place || isGrave()) return; // what may be lost is not covered by what may be tried again
  show(words, "failed");
  timer = setTimeout(close, EXPLAINED_MS);
}

function isGrave() {
  return !place.hidden && place.dataset.why === "history";
}

function show(words, why) {
  place.querySelector("p").textContent = words;
  place.dataset.why = why;
  place.hidden = false;
  clearTimeout(timer);
}

function close() {
  clearTimeout(timer);
  place.hidden = true;
}
