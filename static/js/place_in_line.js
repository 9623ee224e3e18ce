// Knows where somebody stands in line, as the server says beside the log, and that a place never goes up without words.
//
//   <div data-line="request:12">   what the server says of that request goes in here: one element with
//                                  data-ahead (how many), data-state (for the title), data-spoken (for screen readers)
//   follow(root)                   begins with what the page came with; the message "line" of the socket
//                                  (docs/protocol.md) brings the rest

import { say } from "./announce.js";
import { parse } from "./markup.js";
import { prepare } from "./arrival.js";
import { entitle } from "./state_title.js";

const MOVED = "Someone who was in line before you is back.";
const shown = new Map(); // entity -> the markup that stands there

export function follow(root) {
  for (const slot of root.querySelectorAll("[data-line]")) settle(slot);
  document.addEventListener("dispatch:line", ({ detail }) => {
    for (const [entity, html] of Object.entries(detail)) stand(entity, html);
  });
}

function stand(entity, html) {
  const slot = document.querySelector(`[data-line="${CSS.escape(entity)}"]`);
  if (!slot || (shown.get(entity) === html && slot.firstElementChild)) return;
  shown.set(entity, html);
  const before = slot.firstElementChild;
  const words = parse(html).firstElementChild;
  const isElsewhere = before !== null && before.dataset.ahead !== words.dataset.ahead;
  prepare(words);
  const why = isElsewhere ? null : before?.querySelector("[data-moved]"); // stays until the place changes again
  slot.replaceChildren(words);
  if (why) words.append(why);
  const isBehind = settle(slot);
  if (isElsewhere && words.dataset.spoken) say(`${isBehind ? `${MOVED} ` : ""}${words.dataset.spoken}`);
}

/** Say why, if the place is further back than the last one that this tab showed; return whether it is. */
function settle(slot) {
  const words = slot.firstElementChild;
  if (!words) return false;
  const key = `dispatch-ahead-${slot.dataset.line}`; // survives loading the page anew
  const before = sessionStorage.getItem(key);
  sessionStorage.setItem(key, words.dataset.ahead);
  const isBehind = before !== null && Number(words.dataset.ahead) > Number(before);
  if (isBehind) explain(words);
  const card = slot.closest("[data-entity]");
  if (card?.parentElement?.dataset.only && card.dataset.status === "pending") entitle(card, words.dataset.state);
  return isBehind;
}

function explain(words) {
  const why = document.createElement("p");
  why.className = "line__moved";
  why.dataset.moved = "";
  why.textContent = MOVED;
  words.append(why);
}
