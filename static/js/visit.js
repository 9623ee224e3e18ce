// Knows the page of one visit: which session it is about, that a patient's page keeps them in the waiting room,
// and how a turn of events is said.
//
// A page that shows somebody in the waiting room sends [data-arrival] with its name, so that its socket keeps the
// lease. Whoever is taken as away while this page is open, but did not leave, is sent in again.

import { say } from "./announce.js";
import { connection } from "./connection.js";
import { keepOthersAway } from "./only.js";
import { tabName } from "./tab.js";

const main = document.querySelector("main");
let status = null;
let hasLeft = false;
let arriving = null; // an arrival on its way

export function start() {
  main.addEventListener("dispatch:before-insert", keepOthersAway);
  main.addEventListener("dispatch:put", ({ detail }) => changed(detail.element));
  main.addEventListener("submit", leave);
  const own = main.querySelector("[data-only] > [data-entity]");
  if (own) remember(own);
  if (status === "patient_waiting") arrive();
}

function changed(element) {
  if (!element.parentElement?.dataset.only) return;
  const was = status;
  remember(element);
  if (status === was) return;
  if (element.dataset.title) document.title = `${element.dataset.title} · Dispatch`;
  if (element.dataset.spoken) say(element.dataset.spoken);
  else if (status === "patient_waiting") say(`${element.dataset.patient} is in the waiting room.`);
  const isLost = was === "patient_waiting" && status === "patient_away";
  if (status === "patient_waiting" || isLost) arrive();
}

function remember({ dataset }) {
  status = dataset.status;
}

// An arrival that the server hears of after the departure would bring them back: the departure waits for it.
function leave(event) {
  const form = event.target;
  if (!form.matches("[data-leaves]")) return;
  hasLeft = true;
  if (!arriving) return;
  event.preventDefault();
  arriving.then(() => form.submit());
}

function arrive() {
  arriving ??= come().finally(() => (arriving = null));
}

async function come() {
  const form = main.querySelector("form[data-arrival]");
  const headers = { Accept: "application/json" };
  const body = new URLSearchParams({ tab: await tabName() });
  if (!form || hasLeft) return;
  try {
    await fetch(form.action, { method: "POST", body, headers });
  } catch {
    if (connection.state !== "not-live") setTimeout(arrive, 2000); // else the next frame brings us here again
  }
}
