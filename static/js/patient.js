// Knows what is particular to a patient's pages: the title and voice of a request that changes, a notification
// for whoever wants one, and how many characters of the note are left. Which request stands where is the live
// view's business, and the place in line that of place_in_line.js. A link's page has no claim that its socket could
// keep, so while it shows somebody in the waiting room it says now and then that they are still there.
//
//   <button data-notify hidden>      asks the browser for leave to notify; shown where it can be given
//   [data-look-again]                is fetched anew each minute, as the page without scripts is

import { say } from "./announce.js";
import { parse } from "./markup.js";
import { morph } from "./morph.js";
import { follow as followLine } from "./place_in_line.js";
import { entitle } from "./state_title.js";

const STAYS = 3 * 60_000; // ms; whoever came without a name of a page counts as away ten minutes later
const LOOKS_AGAIN = 60_000; // ms
const statuses = new Map(); // entity -> status, as last shown

export function start() {
  const main = document.querySelector("main");
  for (const card of main.querySelectorAll("[data-entity][data-status]")) remember(card);
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => changed(detail.element));
  followLine(main);
  main.querySelector(".error-summary")?.focus(); // what is wrong comes first
  for (const count of main.querySelectorAll("[data-count-for]")) follow(count);
  for (const button of main.querySelectorAll("[data-notify]")) offer(button);
  setInterval(() => stay(main.querySelector("form[data-stays]")), STAYS);
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

function stay(form) {
  if (!form) return;
  const body = new URLSearchParams(new FormData(form));
  fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => {}); // next time
}

// The page of one request shows that one, though the stream has all of one's own.
function keepOthersAway(event) {
  const only = event.detail.place?.dataset.only;
  if (only && only !== event.detail.entity) event.preventDefault();
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
