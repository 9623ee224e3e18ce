// Knows how to speak to people who listen without talking all the time: what happens together is said together.
//
//   digest(topic, text)   politely, with others, at most every 10 s; a later text of a topic replaces the
//                         earlier; text may be a function, asked when it is spoken ("" says nothing)

import { say } from "./announce.js";

const COLLECT_MS = 3000;
const PAUSE_MS = 10_000;

const waiting = new Map();
let spokeAt = -Infinity;
let timer = null;

export function digest(topic, text) {
  waiting.set(topic, text);
  const wait = Math.max(COLLECT_MS, spokeAt + PAUSE_MS - performance.now());
  timer ??= setTimeout(flush, wait);
}

function flush() {
  timer = null;
  const words = [...waiting.values()].map((text) => (typeof text === "function" ? text() : text));
  waiting.clear();
  spokeAt = performance.now();
  say(words.filter(Boolean).join(" "));
}
