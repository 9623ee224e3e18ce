// Knows where entities go on the page: effects of the reducer become rows, cards and their absence.
//
// Attributes (docs/protocol.md): data-live on the root, data-place="request session" on containers,
// data-entity / data-version / data-order on entities. Beyond those, kept up to date here:
//   data-empty="request"   hidden while a place of that kind holds an entity
//   data-count="request"   its text is the number of entities of that kind
//
// An entity that is already there is changed in place (morph.js), so focus, selection, typed text and open
// <details> stay; what has data-keep is left alone altogether.
//
// Events, on the view's root (they bubble), `detail` = {entity, element, view, stream, isNew, isSnapshot}:
//   dispatch:before-insert  cancelable: a new entity is about to be placed; `element` is not in the document.
//                           Cancelled: the page keeps it and calls insertInOrder(place, element) when it likes;
//                           detail.place is the container. A later put of it comes as new again.
//   dispatch:before-remove  cancelable, also {outcome}: `element` is about to go; `outcome` is a
//                           DocumentFragment with how it ended in words, or null. Cancelled: the element stays
//                           until the page removes it (a later put turns it back into the living entity).
//   dispatch:put            after it was placed or changed
//   dispatch:gone           after it went, also {outcome}; element is null if it was not shown
//   dispatch:frame          after all effects of one message: {view, entities: [..], replaced: [{stream, why}]}

import { prepare } from "./arrival.js";
import { parse } from "./markup.js";
import { morph } from "./morph.js";

/** Put an element where its data-order belongs among its siblings; data-order compares as strings. */
export function insertInOrder(place, element) {
  const others = [...place.children].filter((e) => e !== element && e.dataset.order !== undefined);
  const order = element.dataset.order ?? "";
  const next = others.find((e) => e.dataset.order > order);
  const anchor = next ?? others.at(-1)?.nextElementSibling ?? null;
  const isThere = element.parentNode === place;
  if (isThere && (anchor === element || anchor === element.nextElementSibling || !others.length)) return;
  if (isThere && place.moveBefore) place.moveBefore(element, anchor); // keeps focus, where browsers can
  else place.insertBefore(element, anchor);
}

// Whoever works by keyboard goes on where they were, not at the top of the page.
function focusOn(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

export class Places {
  #root;
  #view;

  constructor(root, view) {
    this.#root = root;
    this.#view = view;
    this.#count();
  }

  /** Return what the page came with: entity -> {version, html, stream}. */
  present() {
    const found = {};
    for (const element of this.#entities()) {
      const { entity, version, clinic } = element.dataset;
      const stream = element.dataset.stream ?? (clinic && `clinic:${clinic}`);
      found[entity] = { version: Number(version ?? 0), html: element.outerHTML, stream };
    }
    return found;
  }

  apply(effects) {
    const entities = [];
    for (const effect of effects) {
      if (effect.type === "put") this.#put(effect);
      else if (effect.type === "gone") this.#gone(effect);
      else continue;
      entities.push(effect.entity);
    }
    if (entities.length) this.#count();
    const replaced = effects.filter((effect) => effect.type === "replaced");
    const detail = { view: this.#view, entities, replaced };
    this.#root.dispatchEvent(new CustomEvent("dispatch:frame", { bubbles: true, detail }));
  }

  /** Take everything off the page (no longer allowed to see it). */
  empty() {
    for (const element of this.#entities()) element.remove();
    this.#count();
  }

  #put(effect) {
    const place = this.#place(effect.entity);
    const fresh = place && parse(effect.html).firstElementChild;
    if (!fresh) return;
    prepare(fresh);
    const old = this.#element(effect.entity);
    const element = old ?? fresh;
    const detail = { ...this.#detail(effect), isNew: old === null, element, place };
    if (old) {
      const order = old.dataset.order;
      const hadFocus = old.contains(document.activeElement);
      detail.element = morph(old, fresh);
      prepare(detail.element);
      if (detail.element.dataset.order !== order) this.#reorder(place, detail.element);
      if (hadFocus && !detail.element.contains(document.activeElement)) focusOn(detail.element);
    } else {
      if (!this.#tell("dispatch:before-insert", detail)) return;
      insertInOrder(place, element);
    }
    this.#tell("dispatch:put", detail);
  }

  #gone(effect) {
    const element = this.#element(effect.entity);
    const outcome = effect.html ? parse(effect.html) : null;
    if (outcome) prepare(outcome);
    const detail = { ...this.#detail(effect), element, outcome };
    if (element && !this.#tell("dispatch:before-remove", detail)) return;
    const isNear = (e) => e?.dataset.entity && !e.hidden;
    const near = [element?.nextElementSibling, element?.previousElementSibling].find(isNear);
    const hadFocus = element?.contains(document.activeElement);
    element?.remove();
    if (hadFocus) focusOn(near ?? this.#place(effect.entity));
    this.#tell("dispatch:gone", detail);
  }

  // Moving an element takes the focus from whatever is inside it; give it back.
  #reorder(place, element) {
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    insertInOrder(place, element);
    focused?.focus({ preventScroll: true });
  }

  #detail({ entity, stream, isNew, isSnapshot }) {
    return { entity, view: this.#view, stream, isNew, isSnapshot };
  }

  #tell(name, detail) {
    const event = new CustomEvent(name, { bubbles: true, cancelable: true, detail });
    return this.#root.dispatchEvent(event);
  }

  #own(elements) {
    return [...elements].filter((element) => element.closest("[data-live]") === this.#root);
  }

  #entities() {
    return this.#own(this.#root.querySelectorAll("[data-place] [data-entity]"));
  }

  #place(entity) {
    const kind = entity.split(":")[0];
    return this.#own(this.#root.querySelectorAll(`[data-place~="${CSS.escape(kind)}"]`))[0] ?? null;
  }

  #element(entity) {
    const selector = `[data-place] [data-entity="${CSS.escape(entity)}"]`;
    return this.#own(this.#root.querySelectorAll(selector))[0] ?? null;
  }

  #count() {
    const counts = {};
    for (const { dataset } of this.#entities()) {
      const kind = dataset.entity.split(":")[0];
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    for (const element of this.#own(this.#root.querySelectorAll("[data-empty]"))) {
      element.hidden = element.dataset.empty.split(" ").some((kind) => counts[kind]);
    }
    for (const element of this.#own(this.#root.querySelectorAll("[data-count]"))) {
      element.textContent = String(counts[element.dataset.count] ?? 0);
    }
  }
}
