// Knows what time it is at the server, whatever this computer's clock says (S81).
//
//   clock.now()              server time, ms since 1970
//   clock.isSure             whether the server has said so itself; before, the page's own mark is believed
//   clock.monotonic()        ms on the page's own clock, which nobody can set
//   clock.onTick(fn)         fn() up to four times a second while the page is seen, and at once on return;
//                            returns a function that ends it
//   clock.at(instant, fn)    fn() once, as soon as server time reaches the instant (ms), seen or not;
//                            returns a function that forgets it
//   clock.sample({sent, received, now})    a pong: when asked and answered (monotonic), and what it said
//   clock.heard(now)         the server said `now` just now: it cannot be earlier than that
//
// The page's data-now is the first estimate; after that the quickest of the last eight pongs decides.
// A computer that slept may have stopped its monotonic clock: a pong that contradicts the best one
// beyond what the journey explains replaces all of them.

const SAMPLES = 8;
const TICK_MS = 250;

export class ServerClock {
  #monotonic;
  #offset;
  #samples = [];
  #ticks = new Set();
  #alarms = new Set();
  #timer = null;

  constructor(offset, monotonic = () => performance.now()) {
    this.#offset = offset;
    this.#monotonic = monotonic;
  }

  monotonic() {
    return this.#monotonic();
  }

  get isSure() {
    return this.#samples.length > 0;
  }

  now() {
    return this.#monotonic() + this.#offset;
  }

  sample({ sent, received, now }) {
    const journey = received - sent;
    const fresh = { journey, offset: now + journey / 2 - received };
    const best = this.#best();
    const isOfAnotherTime = best && Math.abs(best.offset - fresh.offset) > (best.journey + journey) / 2 + 100;
    this.#samples = isOfAnotherTime ? [fresh] : [...this.#samples, fresh].slice(-SAMPLES);
    this.#set(this.#best().offset);
  }

  heard(now) {
    const behind = now - this.now();
    if (behind > 100) {
      this.#samples = [];
      this.#set(this.#offset + behind);
    }
  }

  onTick(fn) {
    this.#ticks.add(fn);
    this.#schedule();
    return () => this.#ticks.delete(fn);
  }

  at(instant, fn) {
    const alarm = { instant, fn };
    this.#alarms.add(alarm);
    this.#schedule();
    return () => this.#alarms.delete(alarm);
  }

  /** Do now whatever time has made due; also when the page is seen again. */
  tick() {
    const now = this.now();
    for (const alarm of [...this.#alarms]) {
      if (alarm.instant > now) continue;
      this.#alarms.delete(alarm);
      alarm.fn();
    }
    if (document.visibilityState === "visible") for (const fn of [...this.#ticks]) fn();
    this.#schedule();
  }

  #best() {
    return this.#samples.reduce((best, s) => (!best || s.journey < best.journey ? s : best), null);
  }

  #set(offset) {
    const isJump = Math.abs(offset - this.#offset) > 20;
    this.#offset = offset;
    if (isJump) this.tick();
  }

  // One timer for all: the next quarter of a second, or the next alarm if that is sooner.
  #schedule() {
    clearTimeout(this.#timer);
    const now = this.now();
    let wait = this.#ticks.size ? TICK_MS : Infinity;
    for (const { instant } of this.#alarms) wait = Math.min(wait, Math.max(instant - now, 0));
    if (wait < Infinity) this.#timer = setTimeout(() => this.tick(), Math.min(Math.ceil(wait), 60_000));
  }
}

/** Return how far server time is ahead of this page's monotonic clock, as the page itself tells. */
function offsetOfPage() {
  const written = Number(document.body?.dataset.now);
  const [navigation] = performance.getEntriesByType("navigation");
  if (written) return written - (navigation?.responseStart ?? 0);
  return performance.timeOrigin;
}

export const clock = new ServerClock(offsetOfPage());

document.addEventListener("visibilitychange", () => clock.tick());
addEventListener("pageshow", () => clock.tick());
addEventListener("focus", () => clock.tick());
