// Knows what only a provider's dashboard does: passed requests go behind one line, news is said aloud.

import { say } from "./announce.js";
import { clock } from "./clock.js";
import { digest } from "./digest.js";

const MINUTES_BEFORE = 5;
const main = document.querySelector("main");
let forget = () => {};

export function start() {
  main.addEventListener("dispatch:before-insert", ({ detail: { element } }) => hide(element));
  main.addEventListener("dispatch:frame", passes);
  main.addEventListener("dispatch:frame", waiting);
  main.addEventListener("dispatch:put", ({ detail }) => {
    if (detail.isSnapshot) return;
    if (detail.isNew && kind(detail) === "request") news();
    if (kind(detail) === "availability") sayToggle(detail.element);
    if (kind(detail) === "availability") warnBeforeItsEnd();
  });
  warnBeforeItsEnd();
  let hadFocus = false;
  main.addEventListener("dispatch:before-remove", ({ detail: { element } }) => {
    hadFocus = element.contains(document.activeElement);
  });
  main.addEventListener("dispatch:gone", ({ detail }) => {
    // Where no other card took the focus, their heading does.
    if (hadFocus && document.activeElement === document.body) main.querySelector("#requests-title").focus();
    hadFocus = false;
    if (!detail.isSnapshot && detail.outcome) digest(detail.entity, `${number(detail)} ${detail.outcome.textContent.trim()}.`);
  });
  main.addEventListener("dispatch:over", ({ target }) => {
    const { number } = target.closest("[data-number]")?.dataset ?? {};
    if (number) digest(`over ${number}`, `Request ${number} is over target.`);
  });
  // Typing a time means choosing it.
  main.addEventListener("input", ({ target }) => {
    const form = target.dataset.picks && target.form;
    if (form) form.querySelector(`input[type=radio][value="${target.dataset.picks}"]`).checked = true;
  });
  passes();
}

function passed(entity) {
  return main.querySelector(`[data-entity="${CSS.escape(entity.replace("request:", "pass:"))}"]`) !== null;
}

function hide(element) {
  if (!element.dataset.entity.startsWith("request:")) return;
  const isPassed = passed(element.dataset.entity);
  const hadFocus = isPassed && element.contains(document.activeElement);
  element.hidden = isPassed;
  if (hadFocus) goOn(element);
}

// What one worked on has gone: on with the next request, or with the heading above them all.
function goOn(from) {
  const cards = [...main.querySelectorAll('[data-place~="request"] > [data-entity]')];
  const others = cards.filter((card) => card === from || !card.hidden);
  const here = others.indexOf(from);
  const card = others[here + 1] ?? others[here - 1];
  const heading = card?.querySelector("h3") ?? main.querySelector("#requests-title");
  heading.tabIndex = -1;
  heading.focus();
}

// Five minutes before the end the page asks; whoever listens to it hears the question once.
function warnBeforeItsEnd() {
  forget();
  const question = main.querySelector("[data-ending]");
  const end = Date.parse(question?.elements.end.value ?? "");
  if (!(end > clock.now())) return;
  forget = clock.at(end - MINUTES_BEFORE * 60_000, () => {
    say(question.querySelector("p").textContent.trim());
  });
}

function sayToggle(element) {
  const states = [...element.querySelectorAll(".toggle__state")];
  const shown = states.find((state) => !state.closest("[hidden]"));
  if (shown) say(`${shown.textContent.trim().replace(/\s+/g, " ")}.`);
}

function passes() {
  const cards = [...main.querySelectorAll('[data-place~="request"] > [data-entity]')];
  cards.forEach(hide);
  const list = main.querySelector("[data-passed]");
  const count = list.querySelectorAll("[data-entity]").length;
  list.hidden = count === 0;
  list.querySelector("[data-passed-word]").textContent = count === 1 ? "request" : "requests";
  main.querySelector('[data-empty="request"]').hidden = cards.some((card) => !card.hidden);
}

// Requests may fill the page: who waits for their visit is said above them all.
function waiting() {
  const cards = [...main.querySelectorAll('[data-place~="session"] > [data-status="patient_waiting"]:not([data-over])')];
  const who = cards.map((card) => card.dataset.patient).join(", ");
  const line = main.querySelector("[data-waiting]");
  const name = line.querySelector("[data-waiting-who]");
  if (name.textContent !== who && who) say(`${who} ${cards.length > 1 ? "are" : "is"} in the waiting room.`);
  name.textContent = who;
  line.querySelector("[data-waiting-words]").textContent = `${cards.length > 1 ? "are" : "is"} in the waiting room.`;
  line.hidden = who === "";
}

function news() {
  digest("news", () => {
    const waiting = main.querySelectorAll('[data-place~="request"] > [data-entity]:not([hidden])').length;
    return `New request. ${waiting} waiting for you.`;
  });
}

function kind({ entity }) {
  return entity.split(":")[0];
}

function number({ element }) {
  return element ? `Request ${element.dataset.number}:` : "";
}
