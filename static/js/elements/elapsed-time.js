// Knows how long a request has been pending, to the second and by server time (S78 to S84).
//
// <elapsed-time since="2026-11-22T10:34:00.000Z" target-seconds="300" nearly-seconds="240"></elapsed-time>
//
// Sets data-urgency (ok, nearly, over) on itself and on its closest [data-counted]. Once over by the server's
// word it stays over: no later correction of the clock turns red back. Digits tick only while they are on the screen and are hidden
// from screen readers, which get a sentence that is rewritten once a minute. At the moment it crosses the
// target it says `dispatch:over` once (bubbles); what was over when it came says nothing.

import { clock } from "../clock.js";

const SIZE = { minute: 60, hour: 3600, day: 86_400 };
const WORDS = { ok: "within target", nearly: "close to target", over: "over target" };

/** Return the digits exactly as dispatch/pending.py writes them: 4:59, 1:02:09, 2 d 03:10. */
export function counterText(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor((whole % SIZE.hour) / SIZE.minute);
  const rest = two(whole % SIZE.minute);
  if (whole < SIZE.hour) return `${minutes}:${rest}`;
  if (whole < SIZE.day) return `${Math.floor(whole / SIZE.hour)}:${two(minutes)}:${rest}`;
  return `${Math.floor(whole / SIZE.day)} d ${two(Math.floor((whole % SIZE.day) / SIZE.hour))}:${two(minutes)}`;
}

/** Return ok, nearly or over: over from exactly the target on (S79). */
export function urgency(seconds, target, nearly) {
  if (seconds >= target) return "over";
  return nearly !== null && seconds >= nearly ? "nearly" : "ok";
}

export function sentence(seconds, state) {
  const minutes = Math.floor(seconds / SIZE.minute);
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "hour"],
    [minutes % 60, "minute"],
  ];
  const said = parts.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return `waiting ${said.join(" ") || "less than a minute"}, ${WORDS[state]}`;
}

const onScreen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) target.seen(isIntersecting);
});

export class ElapsedTime extends HTMLElement {
  static writesItself = true;
  static observedAttributes = ["since", "target-seconds", "nearly-seconds"];
  #digits = document.createElement("span");
  #words = document.createElement("span");
  #ends = [];
  #endTick = null;
  #isOver = false;
  #shown = null;

  connectedCallback() {
    this.#digits.className = "elapsed__digits";
    this.#digits.setAttribute("aria-hidden", "true");
    this.#words.className = "visually-hidden";
    this.replaceChildren(this.#digits, this.#words);
    this.#begin();
    onScreen.observe(this);
  }

  disconnectedCallback() {
    onScreen.unobserve(this);
    this.#end();
    this.seen(false);
    this.#shown = null;
  }

  attributeChangedCallback(_name, before, after) {
    if (before === after || !this.isConnected) return;
    this.#isOver = false;
    this.#shown = null;
    this.#begin();
  }

  /** Tick while on the screen only. */
  seen(isSeen) {
    if (isSeen && !this.#endTick) this.#endTick = clock.onTick(() => this.paint());
    if (!isSeen) {
      this.#endTick?.();
      this.#endTick = null;
    }
    if (isSeen) this.paint();
  }

  get seconds() {
    return (clock.now() - Date.parse(this.getAttribute("since"))) / 1000;
  }

  paint() {
    const { seconds } = this;
    const state = this.#isOver ? "over" : urgency(seconds, this.#number("target-seconds") ?? 300, this.#number("nearly-seconds"));
    const digits = counterText(seconds);
    if (this.#digits.textContent !== digits) this.#digits.textContent = digits;
    const words = sentence(seconds, state);
    if (this.#words.textContent !== words) this.#words.textContent = words;
    this.#show(state);
  }

  #begin() {
    this.#end();
    this.paint();
    const since = Date.parse(this.getAttribute("since"));
    for (const name of ["nearly-seconds", "target-seconds"]) {
      const after = this.#number(name);
      // The colour turns at the instant itself, also while the row is scrolled away.
      if (after !== null && !this.#isOver) this.#ends.push(clock.at(since + after * 1000, () => this.paint()));
    }
  }

  #end() {
    for (const end of this.#ends.splice(0)) end();
  }

  #show(state) {
    const isCrossing = state === "over" && this.#shown !== null && this.#shown !== "over";
    this.#isOver ||= state === "over" && clock.isSure;
    this.#shown = state;
    for (const element of [this, this.closest("[data-counted]")]) {
      if (element && element.dataset.urgency !== state) element.dataset.urgency = state;
    }
    if (isCrossing) this.dispatchEvent(new CustomEvent("dispatch:over", { bubbles: true }));
  }

  #number(name) {
    const text = this.getAttribute(name);
    return text ? Number(text) : null;
  }
}

customElements.define("elapsed-time", ElapsedTime);
