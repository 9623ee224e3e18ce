// Knows the page that manages one session: it says so when the session is not any more what the page shows. Nothing
// on it turns by itself, so that nobody loses what they typed or presses a button that has become another.

import { alarm } from "./announce.js";
import { keepOthersAway } from "./visit.js";

const main = document.querySelector("main");
const notice = main.querySelector("[data-changed]");
const own = main.querySelector("[data-only] > [data-entity]");
const shown = own?.dataset.version;

export function start() {
  if (!own || !notice) return;
  const { entity } = own.dataset;
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => {
    if (detail.entity === entity && detail.element.dataset.version !== shown) tell();
  });
  main.addEventListener("dispatch:gone", ({ detail }) => {
    if (detail.entity === entity) tell();
  });
}

function tell() {
  if (!notice.hidden) return;
  notice.hidden = false;
  alarm(notice.querySelector("p").textContent);
}
