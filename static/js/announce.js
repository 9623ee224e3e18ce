// Knows how to speak to people who listen to the page: one polite region and one assertive one.
//
//   say(text)             politely, at once: the answer to what the person just did
//   digest(topic, text)   politely, with others, at most every 10 s; a later text of a topic replaces the
//                         earlier; text may be a function, asked when it is spoken ("" says nothing)
//   alarm(text)           at once: connection lost, your claim was taken, your accept was refused

const COLLECT_MS = 3000;
const PAUSE_MS = 10_000;

const polite = region("polite");
const assertive = region("assertive");
const waiting = new Map();
let spokeAt = -Infinity;
let timer = null;

export function say(text) {
  speak(polite, text);
}

export function alarm(text) {
  speak(assertive, text);
}

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
  speak(polite, words.filter(Boolean).join(" "));
}

// The same words twice are two changes of the region, so that both are heard.
function speak(place, text) {
  if (!text) return;
  const line = document.createElement("p");
  line.textContent = text;
  place.replaceChildren(line);
}

// Regions must be there, and empty, before they speak. The layout has them; a page of its own may not.
function region(manner) {
  const there = document.getElementById(`announce-${manner}`);
  if (there) return there;
  const made = document.createElement("div");
  made.className = "visually-hidden";
  made.id = `announce-${manner}`;
  made.setAttribute("aria-live", manner);
  document.body.append(made);
  return made;
}
