// Knows how far the page may be trusted, and says so in words: never fresher than it is.
//
//   assess(signs) -> {state, words}   pure; `signs` below
//   connection.note(changes)          live.js tells what it saw
//   connection.state                  "live" | "slower" | "checking" | "reconnecting" | "not-live" |
//                                     "signed-out" | "stopped"
//   connection.isFresh                what the page shows is what is so (live or slower)
//
// body[data-connection] carries the state (style sheets grey the entities with it), and
// "dispatch:state" on document, detail {state, words, was}, tells everybody else. On a page or form with
// data-needs-live, commands wait while the state is "not-live" (forms.js says why).

import { alarm } from "./announce.js";
import { clock } from "./clock.js";
import { inWords } from "./times.js";

const TRUST_MS = 10_000; // no heartbeat, or heads read longer ago than this: not live
const QUIET_MS = 3000; // shorter interruptions are not worth a word

/**
 * signs: {isOpen, isOnline, lostAt, heartbeatAt, readAt, mode, ended, asOf}, with `at` (monotonic, ms) and
 * `now` (server, ms). lostAt and heartbeatAt are monotonic; readAt is server time; asOf words.
 */
export function assess({ isOpen, isOnline, lostAt, heartbeatAt, readAt, mode, ended, asOf }, at, now) {
  if (ended) return ended;
  const isSilent = at - heartbeatAt >= TRUST_MS;
  const isOld = readAt !== null && now - readAt > TRUST_MS;
  if (isSilent || isOld) {
    const why = isOnline ? "Not live" : "You are offline";
    return { state: "not-live", words: `${why} since ${asOf}. This page may be out of date.` };
  }
  if (!isOpen && at - lostAt >= QUIET_MS) {
    return { state: "reconnecting", words: `Reconnecting. This page may be out of date (as of ${asOf}).` };
  }
  if (!isOpen || readAt === null) return { state: "checking", words: "Checking…" };
  return mode === "slower" ? { state: "slower", words: "Live (slower)" } : { state: "live", words: "Live" };
}

class Connection {
  #signs = {
    isOpen: false,
    isOnline: navigator.onLine,
    lostAt: clock.monotonic(),
    heartbeatAt: clock.monotonic(),
    readAt: null,
    mode: "live",
    ended: null,
    asOf: "",
  };
  #freshAt = clock.now();
  state = "";
  words = "";

  get isFresh() {
    return this.state === "live" || this.state === "slower";
  }

  note(changes) {
    Object.assign(this.#signs, changes);
    if (changes.readAt) this.#freshAt = Math.max(this.#freshAt, changes.readAt);
    this.look();
  }

  look() {
    const asOf = inWords(this.#freshAt, "time");
    const signs = { ...this.#signs, asOf };
    const { state, words } = assess(signs, clock.monotonic(), clock.now());
    if (state === this.state && words === this.words) return;
    const was = this.state;
    Object.assign(this, { state, words });
    document.body.dataset.connection = state;
    if (state === "not-live" && was !== state) alarm(words);
    document.dispatchEvent(new CustomEvent("dispatch:state", { detail: { state, words, was } }));
  }
}

export const connection = new Connection();

addEventListener("online", () => connection.note({ isOnline: true }));
addEventListener("offline", () => connection.note({ isOnline: false }));
