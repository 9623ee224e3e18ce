// Knows the socket: what the page shows goes in, frames come out, and a lost line is taken up where it broke.
//
//   live.start()               show main[data-live] as view "page" and connect; does nothing without it
//   live.addView(name, root)   root has data-live of its own (a dialog's fragment). Resolves to true when it
//                              has caught up with what the page has seen, to false if that takes over 2 s
//                              (it catches up when it can); until then better not show it
//   live.removeView(name)
//
// A root with several streams says which of them put what there (view.js); where it does not, the page asks
// for snapshots, since it cannot tell what a stream may take away.

import { shownAnew } from "./anew.js";
import { backoff, ENDINGS } from "./backoff.js";
import { extend } from "./claims.js";
import { clock } from "./clock.js";
import { connection } from "./connection.js";
import { View } from "./view.js";
import { tabName } from "./tab.js";

const DEAD_MS = 12_000; // nothing at all for this long: the line is dead, whatever the browser thinks
const STEADY_MS = 30_000; // alive this long: the next break starts with a short wait again
const PINGS_MS = [0, 300, 1000]; // after opening, to learn the clock; then every 20 s

class Live {
  #views = new Map();
  #socket = null;
  #attempt = 0;
  #openedAt = 0;
  #heardAt = 0;
  #timer = null;
  #isStopped = true;
  #pings = [];

  start() {
    const root = document.querySelector("main[data-live]");
    if (!root) return;
    this.#views.set("page", new View("page", root));
    this.#isStopped = false;
    setInterval(() => this.#look(), 1000);
    const hurry = () => this.#hurry();
    addEventListener("online", hurry);
    addEventListener("focus", hurry);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
    addEventListener("pagehide", () => this.#socket?.close(1000));
    addEventListener("pageshow", (event) => event.persisted && hurry());
    this.#connect();
  }

  addView(name, root) {
    const view = new View(name, root);
    this.#views.set(name, view);
    const others = [...this.#views.values()].filter((other) => other !== view);
    const wanted = view.behind(others);
    if (this.#isOpen) for (const effect of view.ask(clock.monotonic())) this.#send(effect);
    return wanted.length === 0 ? Promise.resolve(true) : view.reached(wanted);
  }

  removeView(name) {
    this.#views.delete(name);
  }

  get #isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  async #connect() {
    clearTimeout(this.#timer);
    if (this.#isStopped || this.#socket) return;
    const socket = new WebSocket(new URL("/live", location.href.replace(/^http/, "ws")));
    this.#socket = socket;
    this.#heardAt = clock.monotonic();
    const tab = await tabName();
    const mine = (act) => (event) => this.#socket === socket && act(event);
    socket.addEventListener("message", mine(({ data }) => this.#hear(JSON.parse(data))));
    socket.addEventListener("close", mine(({ code }) => this.#lost(code)));
    if (socket.readyState === WebSocket.OPEN) this.#opened(tab);
    else if (socket.readyState === WebSocket.CONNECTING) {
      socket.addEventListener("open", mine(() => this.#opened(tab)));
    } else this.#lost(1006);
  }

  #opened(tab) {
    const at = clock.monotonic();
    this.#openedAt = at;
    this.#heardAt = at;
    const views = [...this.#views.values()].flatMap((view) => view.hello(at));
    this.#send({ type: "hello", tab, views });
    this.#pings = PINGS_MS.map((wait) => setTimeout(() => this.#ping(), wait));
    this.#pings.push(setInterval(() => this.#ping(), 20_000));
  }

  #hear(message) {
    const at = clock.monotonic();
    this.#heardAt = at;
    switch (message.type) {
      case "welcome":
        clock.heard(message.now);
        connection.note({ isOpen: true, heartbeatAt: at, readAt: message.now });
        return;
      case "pong":
        clock.sample({ sent: message.t, received: at, now: message.now });
        return;
      case "heartbeat":
        clock.heard(message.now);
        connection.note({ isOpen: true, heartbeatAt: at, readAt: message.read_at, mode: message.mode });
        extend(message.leases);
    }
    if (message.type === "frame" && message.after === null) shownAnew(message.why);
    for (const view of this.#views.values()) {
      if (message.view && message.view !== view.name) continue;
      for (const effect of view.hear(message, at)) this.#send(effect);
    }
  }

  #lost(code) {
    const at = clock.monotonic();
    const wasOpen = this.#openedAt > 0;
    this.#pings.forEach(clearTimeout);
    this.#socket = null;
    if (wasOpen && at - this.#openedAt > STEADY_MS) this.#attempt = 0;
    this.#openedAt = 0;
    const ending = ENDINGS[code];
    if (ending) return this.#end(ending);
    if (wasOpen) connection.note({ isOpen: false, lostAt: at });
    // A refused handshake looks like a broken line; a page that is not sent says which it was.
    else if (this.#attempt % 4 === 1) this.#askWhetherSignedIn();
    this.#timer = setTimeout(() => this.#connect(), backoff(this.#attempt++));
  }

  #end({ does, words }) {
    const mark = "dispatch-reloaded";
    if (does === "reload" || (does === "reload-once" && !sessionStorage.getItem(mark))) {
      if (does === "reload-once") sessionStorage.setItem(mark, "1");
      location.reload();
      return;
    }
    this.#isStopped = true;
    clearTimeout(this.#timer);
    if (does === "empty") for (const view of this.#views.values()) view.empty();
    const state = does === "sign-in" ? "signed-out" : "stopped";
    connection.note({ isOpen: false, ended: { state, words } });
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
    if (this.#socket && at - this.#heardAt > DEAD_MS) this.#drop();
    if (this.#isOpen) {
      for (const view of this.#views.values()) {
        for (const effect of view.hear({ type: "tick" }, at)) this.#send(effect);
      }
      if (at - this.#openedAt > STEADY_MS) sessionStorage.removeItem("dispatch-reloaded");
    }
    connection.look();
  }

  // A dead line may take minutes to close; we do not wait for it.
  #drop() {
    this.#socket.close();
    this.#lost(1006);
  }

  #hurry() {
    if (this.#isOpen) this.#ping();
    else if (!this.#socket) this.#connect();
    this.#look();
  }

  #ping() {
    this.#send({ type: "ping", t: clock.monotonic() });
  }

  #send(message) {
    if (this.#isOpen) this.#socket.send(JSON.stringify(message));
  }
}

export const live = new Live();
