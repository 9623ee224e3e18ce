// Knows the socket: what the page shows goes in, frames come out, and a lost line is taken up where it broke.
//
//   live.start()               show main[data-live] as view "page" and connect; does nothing without it
//   live.addView(name, root)   root has data-live of its own (a dialog's fragment); returns its View, which may
//                              still be behind what the page has seen (board/level.js)
//   live.removeView(name), live.views
//
// A server that is about to end asks the page to move: a second line is opened, and only when the page has caught
// up on it does the first one go. Both may speak meanwhile; the range rule (reducer.js) makes that harmless.
//
// A root with several streams says which of them put what there (view.js); where it does not, the page asks
// for snapshots, since it cannot tell what a stream may take away.

import { shownAnew } from "./anew.js";
import { backoff, ENDINGS, MOVED } from "./backoff.js";
import { extend } from "./claims.js";
import { clock } from "./clock.js";
import { connection } from "./connection.js";
import { Line } from "./line.js";
import { View } from "./view.js";

const DEAD_MS = 12_000; // nothing at all for this long: the line is dead, whatever the browser thinks
const STEADY_MS = 30_000; // alive this long: the next break starts with a short wait again
const RELOADED = "dispatch-reloaded"; // because page and server did not understand each other
const RELOADS = "dispatch-reloads"; // because memberships had changed: how often lately

class Live {
  #views = new Map();
  #line = null; // what the page lives on
  #next = null; // what it is moving to
  #attempt = 0;
  #timer = null;
  #isStopped = true;
  #rights; // whatever memberships the page was loaded with; the server knows whether they are still the same

  start() {
    const root = document.querySelector("main[data-live]");
    if (!root) return;
    this.#rights = root.dataset.rights;
    this.#views.set("page", new View("page", root));
    this.#isStopped = false;
    setInterval(() => this.#look(), 1000);
    const hurry = () => this.#hurry();
    addEventListener("online", hurry);
    addEventListener("focus", hurry);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
    addEventListener("pagehide", () => {
      this.#leave(); // it may come back from the browser's memory
      connection.note({ isOpen: false, lostAt: clock.monotonic() });
    });
    addEventListener("pageshow", (event) => event.persisted && hurry());
    this.#connect();
  }

  addView(name, root) {
    const view = new View(name, root);
    this.#views.set(name, view);
    if (this.#lines.some((line) => line.isOpen)) {
      for (const effect of view.ask(clock.monotonic())) for (const line of this.#lines) line.send(effect);
    }
    return view;
  }

  removeView(name) {
    this.#views.delete(name);
  }

  get views() {
    return [...this.#views.values()];
  }

  get #lines() {
    return [this.#line, this.#next].filter(Boolean);
  }

  #connect() {
    clearTimeout(this.#timer);
    if (!this.#isStopped && !this.#line) this.#line = this.#open();
  }

  #move() {
    clearTimeout(this.#timer);
    if (!this.#isStopped && this.#line && !this.#next) this.#next = this.#open();
  }

  #open() {
    const hello = () => ({
      views: this.views.flatMap((view) => view.hello(clock.monotonic())),
      rights: this.#rights,
    });
    const lost = (line, code) => this.#lost(line, code);
    return new Line({ hello, hear: (message) => this.#hear(message), caughtUp: () => this.#caughtUp(), lost });
  }

  #caughtUp() {
    if (!this.#next) return;
    const before = this.#line;
    this.#promote();
    before.close(MOVED);
  }

  #promote() {
    [this.#line, this.#next] = [this.#next, null];
    this.#attempt = 0;
  }

  #hear(message) {
    const at = clock.monotonic();
    switch (message.type) {
      case "welcome":
        clock.heard(message.now);
        connection.note({ isOpen: true, heartbeatAt: at, readAt: message.now });
        return;
      case "pong":
        clock.sample({ sent: message.t, received: at, now: message.now });
        return;
      case "move":
        this.#move();
        return;
      case "heartbeat":
        clock.heard(message.now);
        connection.note({ isOpen: true, heartbeatAt: at, readAt: message.read_at, mode: message.mode });
        extend(message.leases);
    }
    if (message.type === "line") document.dispatchEvent(new CustomEvent("dispatch:line", { detail: message.html }));
    if (message.type === "frame" && message.after === null) shownAnew(message.why);
    for (const view of this.#views.values()) {
      if (message.view && message.view !== view.name) continue;
      for (const effect of view.hear(message, at)) this.#send(effect);
    }
  }

  #lost(line, code) {
    if (line === this.#next) {
      this.#next = null;
      if (ENDINGS[code]) this.#end(ENDINGS[code]);
      else this.#timer = setTimeout(() => this.#move(), backoff(this.#attempt++));
      return;
    }
    const at = clock.monotonic();
    if (line.openedAt && at - line.openedAt > STEADY_MS) this.#attempt = 0;
    const isMoving = this.#next !== null;
    if (ENDINGS[code] && !(isMoving && code === MOVED)) return this.#end(ENDINGS[code]);
    this.#line = null;
    if (isMoving) this.#promote();
    if (line.openedAt && !this.#line?.isOpen) connection.note({ isOpen: false, lostAt: at });
    if (isMoving) return;
    // A refused handshake looks like a broken line; a page that is not sent says which it was.
    if (!line.openedAt && this.#attempt % 4 === 1) this.#askWhetherSignedIn();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#attempt++));
  }

  #end({ does, words }) {
    if (does === "reload-once" && !sessionStorage.getItem(RELOADED)) {
      sessionStorage.setItem(RELOADED, "1");
      location.reload();
      return;
    }
    this.#isStopped = true;
    this.#leave();
    if (does === "reload") this.#reload();
    if (does === "empty") for (const view of this.#views.values()) view.empty();
    const state = does === "sign-in" ? "signed-out" : "stopped";
    connection.note({ isOpen: false, ended: { state, words } });
  }

  // At once; again and again only with a growing wait.
  #reload() {
    const times = Number(sessionStorage.getItem(RELOADS));
    sessionStorage.setItem(RELOADS, String(times + 1));
    if (times) setTimeout(() => location.reload(), backoff(times));
    else location.reload();
  }

  // Says goodbye on every line; what is left of the claims runs out.
  #leave() {
    clearTimeout(this.#timer);
    for (const line of this.#lines) line.close();
    this.#line = this.#next = null;
  }

  async #askWhetherSignedIn() {
    const asked = { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" };
    const reply = await fetch(location.href, asked).catch(() => null);
    const isSignedOut = reply && (reply.status === 401 || reply.type === "opaqueredirect");
    if (isSignedOut && !this.#isStopped) this.#end(ENDINGS[4401]);
  }

  // Once a second: is the line alive, is anything overdue, what do we tell the person.
  #look() {
    const at = clock.monotonic();
    for (const line of this.#lines) if (at - line.heardAt > DEAD_MS) this.#drop(line);
    if (this.#line?.isOpen) {
      for (const view of this.#views.values()) {
        for (const effect of view.hear({ type: "tick" }, at)) this.#send(effect);
      }
      if (at - this.#line.openedAt > STEADY_MS) for (const mark of [RELOADED, RELOADS]) sessionStorage.removeItem(mark);
    }
    connection.look();
  }

  // A dead line may take minutes to close; we do not wait for it.
  #drop(line) {
    line.close();
    this.#lost(line, 1006);
  }

  #hurry() {
    if (this.#line?.isOpen) this.#line.ping();
    else this.#connect();
    this.#look();
  }

  // On the line that the page lives on; while that is gone, on the one it is moving to.
  #send(message) {
    (this.#line?.isOpen ? this.#line : this.#next)?.send(message);
  }
}

export const live = new Live();
