// Knows the page that manages one session: it says so when the session is not any more what the page shows. Nothing
// that can be pressed turns by itself, so that nobody loses what they typed or presses a button that has become
// another. That the patient comes or goes changes no plan: it is shown as that.

import { alarm, say } from "./announce.js";
import { keepOthersAway } from "./only.js";

const main = document.querySelector("main");
const notice = main.querySelector("[data-changed]");
const comings = [...main.querySelectorAll("[data-coming]")]; // one for each status that is no change of plan
const own = main.querySelector("[data-only] > [data-entity]");
const { entity, revision } = own?.dataset ?? {};
let status = own?.dataset.status;

export function start() {
  if (!own || !notice) return;
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => {
    if (detail.entity === entity) changed(detail.element.dataset);
  });
  main.addEventListener("dispatch:gone", ({ detail }) => {
    if (detail.entity === entity) tell();
  });
}

function changed(now) {
  if (now.status === status && now.revision === revision) return;
  status = now.status;
  const coming = comings.find((each) => each.dataset.coming === status);
  if (now.revision !== revision || !coming) return tell();
  for (const each of comings) each.hidden = each !== coming;
  main.querySelector("[data-standing]").textContent = coming.dataset.word;
  say(coming.textContent.trim());
}

function tell() {
  for (const each of comings) each.hidden = true;
  if (!notice.hidden) return;
  notice.hidden = false;
  alarm(notice.querySelector("p").textContent);
}
