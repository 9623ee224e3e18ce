// Knows how long to wait before the next try, so that a restart does not bring everybody back at once.

const FIRST_MS = 1000;
const MOST_MS = 20_000;

/** Return full jitter: a random wait up to 1 s · 2^attempt, 20 s at most; attempt counts from 0. */
export function backoff(attempt, random = Math.random) {
  return random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

// What a close code asks of the page (docs/protocol.md). Those without words, and all others: come back.
export const ENDINGS = {
  1001: null,
  1012: null,
  1013: null,
  4400: { does: "reload-once", words: "This page and the server do not understand each other. Reload the page." },
  4401: { does: "sign-in", words: "You are signed out. Sign in again to go on." },
  4403: { does: "empty", words: "You may no longer see this page." },
  4408: null,
  4409: { does: "stop", words: "This page is open in another place." },
  4410: { does: "reload", words: "What you may see has changed. Loading it again…" },
  4429: { does: "stop", words: "You have too many pages open. Close some, then reload this one." },
};

export const MOVED = 4409; // what a page says on the socket that it leaves for another: its claims stay
