// Knows one socket from its opening to its end, and when the page has caught up on it; what is said on it is not
// its business, nor what comes after its end.
//
//   new Line({hello, hear, caughtUp, lost})   opens at once
//     hello()          what to say hello with: the views, and what the page was loaded with
//     hear(message)    each message, parsed
//     caughtUp()       once: everything that hello asked for has been heard
//     lost(line, code) once: it is over, and nobody closed it here
//   line.isOpen, line.openedAt, line.heardAt   (monotonic ms; openedAt 0: not yet)
//   line.send(message), line.ping()            nothing before hello, nothing after the end
//   line.close(code)                           says no more, not even lost()

import { clock } from "./clock.js";
import { keyOf } from "./reducer.js";
import { tabName } from "./tab.js";

const PATH = document.querySelector("main")?.dataset.socket ?? "/live"; // a link's page has a socket of its own
const PINGS_MS = [0, 300, 1000]; // after opening, to learn the clock; then every 20 s
const PING_MS = 20_000;

export class Line {
  #socket = new WebSocket(new URL(PATH, location.href.replace(/^http/, "ws")));
  #on;
  #unanswered = null; // of hello; null: not said yet
  #pings = [];
  #isOver = false;
  openedAt = 0;
  heardAt = clock.monotonic();

  constructor(on) {
    this.#on = on;
    tabName(); // asks around meanwhile
    this.#socket.addEventListener("open", () => this.#opened());
    this.#socket.addEventListener("message", ({ data }) => this.#heard(JSON.parse(data)));
    this.#socket.addEventListener("close", ({ code }) => this.#ended(code));
  }

  get isOpen() {
    return this.#unanswered !== null && !this.#isOver && this.#socket.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.isOpen) this.#socket.send(JSON.stringify(message));
  }

  ping() {
    this.send({ type: "ping", t: clock.monotonic() });
  }

  close(code = 1000) {
    this.#finish();
    this.#socket.close(code);
  }

  async #opened() {
    const tab = await tabName();
    if (this.#isOver) return;
    this.openedAt = clock.monotonic();
    this.heardAt = this.openedAt;
    const hello = this.#on.hello();
    this.#unanswered = new Set(hello.views.map(answerTo));
    this.send({ type: "hello", tab, ...hello });
    this.#pings = PINGS_MS.map((wait) => setTimeout(() => this.ping(), wait));
    this.#pings.push(setInterval(() => this.ping(), PING_MS));
  }

  #heard(message) {
    if (this.#isOver) return;
    this.heardAt = clock.monotonic();
    this.#on.hear(message);
    if (message.type !== "frame" || !message.view) return;
    if (this.#unanswered?.delete(answerTo(message)) && this.#unanswered.size === 0) this.#on.caughtUp();
  }

  #ended(code) {
    if (this.#isOver) return;
    this.#finish();
    this.#on.lost(this, code);
  }

  #finish() {
    this.#isOver = true;
    this.#pings.forEach(clearTimeout);
  }
}

const answerTo = (message) => `${message.view} ${keyOf(message)}`;
