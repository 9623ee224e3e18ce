// Knows what is particular to a patient's live pages: the title and voice of a request that changes, and a
// notification for whoever wants one. Which request stands where is the live view's business, and the place in line
// that of place_in_line.js. A link's page has no claim that its socket could keep, so while it shows somebody in the
// waiting room it says now and then that they are still there.
//
//   <button data-notify hidden>      asks the browser for leave to notify; shown where it can be given

import { say } from "./announce.js";
import { keepOthersAway } from "./only.js";
import { follow } from "./place_in_line.js";
import { entitle } from "./state_title.js";

const STAYS = 3 * 60_000; // ms; whoever came without a name of a page counts as away ten minutes later
const statuses = new Map(); // entity -> status, as last shown

export function start() {
  const main = document.querySelector("main");
  for (const card of main.querySelectorAll("[data-entity][data-status]")) remember(card);
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => changed(detail.element));
  follow(main);
  for (const button of main.querySelectorAll("[data-notify]")) offer(button);
  setInterval(() => stay(main.querySelector("form[data-stays]")), STAYS);
}

function stay(form) {
  if (!form) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => {}); // next time
}

function changed(card) {
  const isNews = statuses.get(card.dataset.entity) !== card.dataset.status;
  remember(card);
  if (!isNews) return;
  if (card.parentElement?.dataset.only) entitle(card);
  say(card.dataset.spoken);
  if (card.dataset.status === "accepted") notify();
  const isOver = card.dataset.status !== "pending";
  for (const button of document.querySelectorAll("[data-notify]")) button.hidden ||= isOver;
}

function remember({ dataset }) {
  statuses.set(dataset.entity, dataset.status);
}

function offer(button) {
  if (globalThis.Notification?.permission !== "default") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const answer = await Notification.requestPermission();
    button.hidden = true;
    say(answer === "granted" ? "You will be notified when someone accepts." : "This browser will not notify you.");
  });
}

// Nothing of the request is said: whoever sits beside the screen may read it too.
function notify() {
  if (document.visibilityState === "visible" || globalThis.Notification?.permission !== "granted") return;
  const note = new Notification("Your request was accepted", { body: "Open the page to join.", tag: "dispatch" });
  note.addEventListener("click", () => focus());
}
