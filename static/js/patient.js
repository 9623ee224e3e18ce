// Knows what is particular to a patient's pages: the title and voice of a request that changes, and how many
// characters of the note are left. Which request stands where is the live view's business.

import { say } from "./announce.js";

const statuses = new Map(); // entity -> status, as last shown

export function start() {
  const main = document.querySelector("main");
  for (const card of main.querySelectorAll("[data-entity][data-status]")) remember(card);
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => changed(detail.element));
  main.querySelector(".error-summary")?.focus(); // what is wrong comes first
  for (const count of main.querySelectorAll("[data-count-for]")) follow(count);
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
  if (card.parentElement?.dataset.only) document.title = `${card.dataset.title} · Dispatch`;
  say(card.dataset.spoken);
}

function remember({ dataset }) {
  statuses.set(dataset.entity, dataset.status);
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
