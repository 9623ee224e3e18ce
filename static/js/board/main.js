// Knows which parts the scheduling pages have; each part knows one thing.

import { clock } from "../clock.js";
import { live } from "../live.js";
import { watchArrivals } from "./arrivals.js";
import { watchAssigning } from "./assigning.js";
import { watchKeys } from "./keys.js";
import { watchLeaving } from "./leaving.js";
import { watchPause } from "./pause.js";
import { watchSearch } from "./search.js";
import { watchSound } from "./sound.js";
import { watchTally } from "./tally.js";
import { watchWords } from "./words.js";

export function start() {
  if (document.body.dataset.page !== "board") return watchSearch();
  const elsewhere = document.querySelector("[data-elsewhere]");
  if (elsewhere) live.addView("elsewhere", elsewhere);
  const tally = watchTally();
  watchLeaving(tally);
  watchArrivals(tally);
  watchWords(tally);
  const sound = watchSound();
  const pause = watchPause(tally);
  const assigning = watchAssigning();
  watchKeys({ assigning, pause, sound });
  clock.onTick(tally.tick);
  return undefined;
}
