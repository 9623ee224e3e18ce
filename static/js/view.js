// Knows one live view, the page or a fragment on it: its reducer state and its places.

import { Places } from "./places.js";
import { asking, begin, keyOf, reduce } from "./reducer.js";

export class View {
  #state;
  #places;

  constructor(name, root) {
    this.name = name;
    this.root = root;
    this.#places = new Places(root, name);
    const { showing, holds } = shows(root, this.#places.present());
    this.#state = begin(showing, holds);
  }

  get cursors() {
    return this.#state.cursors;
  }

  /** Return what hello says of it. */
  hello(at) {
    this.#state = asking(this.#state, at);
    return this.#wishes().map((wish) => ({ view: this.name, ...wish }));
  }

  /** Return a resume for each of its streams. */
  ask(at) {
    return this.hello(at).map((wish) => ({ type: "resume", ...wish }));
  }

  /** Take a message in, change the page, and return what to ask of the server. */
  hear(message, at) {
    const { state, effects } = reduce(this.#state, message, at);
    this.#state = state;
    if (effects.some(({ type }) => type !== "resume")) this.#places.apply(effects);
    // Whoever takes the root over (a copy, a page restored from memory) starts from what it shows.
    if (effects.some(({ type }) => type === "moved")) this.root.dataset.live = JSON.stringify(this.#wishes());
    return effects.filter(({ type }) => type === "resume").map((ask) => ({ ...ask, view: this.name }));
  }

  empty() {
    this.#places.empty();
  }

  #wishes() {
    return Object.entries(this.#state.cursors).map(([key, cursor]) => {
      const slash = key.lastIndexOf("/");
      const [stream, projection] = [key.slice(0, slash), key.slice(slash + 1)];
      return { stream, projection, seq: cursor?.seq ?? null, tag: cursor?.tag ?? "" };
    });
  }
}

/**
 * Read data-live, and which stream put what there: by data-holds on an element inside, as JSON
 * {"hosts:1/host": ["request:12"]}; by an entity's own data-stream or data-clinic; or since there is but one.
 */
function shows(root, present) {
  const showing = JSON.parse(root.dataset.live || "[]");
  const told = JSON.parse(root.querySelector("[data-holds]")?.dataset.holds ?? "{}");
  const holds = Object.fromEntries(showing.map((view) => [keyOf(view), {}]));
  let isClear = true;
  for (const [entity, copy] of Object.entries(present)) {
    let holders = showing.filter((view) => told[keyOf(view)]?.includes(entity) || view.stream === copy.stream);
    if (!holders.length && showing.length === 1) holders = showing;
    if (!holders.length) [holders, isClear] = [showing, false];
    for (const view of holders) holds[keyOf(view)][entity] = copy;
  }
  // Where that is unknown, only a snapshot tells; nothing may stay that no stream can take away.
  return { showing: isClear ? showing : showing.map((view) => ({ ...view, seq: null })), holds };
}
