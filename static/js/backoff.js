// Knows how long to wait before the next try, so that a restart does not bring everybody back at once.

const FIRST_MS = 500;
const MOST_MS = 20_000;

/** Return full jitter: a random wait up to 0.5 s · 2^attempt, 20 s at most; attempt counts from 0. */
export function backoff(attempt, random = Math.random) {
  return random() * Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

// What a close code asks of the page (docs/protocol.md). Anything else means: come back.
export const ENDINGS = {
  4400: { does: "reload-once", words: "This page and the server do not understand each other. Reload the page." },
  4401: { does: "sign-in", words: "You are signed out. Sign in again to go on." },
  4403: { does: "empty", words: "You may no longer see this page." },
  4409: { does: "stop", words: "This page is open in another place." },
  4410: { does: "reload", words: "What you may see has changed. Loading it again…" },
  4429: { does: "stop", words: "You have too many pages open. Close some, then reload this one." },
};
