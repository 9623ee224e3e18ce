// Knows how to turn an element into what the server now says of it, touching only what differs.
//
// Rows and cards come from one template, so their children match by key (id, data-entity, data-keep, name) or
// by position. A field in which somebody typed keeps its text by the platform's own rule: changing an
// attribute does not change a value that a person has changed. Left alone:
//   [data-keep]                       whatever is inside
//   [data-busy]                       a button whose answer is awaited
//   [data-ours]                       what a script put there (the server does not know of it)
//   elements that write themselves    custom elements with `static writesItself = true`: attributes only

// What scripts set on elements that the server wrote; never touched on an element that is already there.
const OURS = new Set([
  "tabindex", "open", "data-busy", "data-sending", "data-urgency", "data-fresh", "aria-describedby",
  "aria-invalid", "aria-disabled",
]);

/** Make `old` equal to `fresh` and return the element that is now in the document. */
export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.hasAttribute("data-keep") || old.hasAttribute("data-busy")) return old;
  attributes(old, fresh);
  const written = customElements.get(old.localName)?.writesItself;
  if (!written) children(old, fresh);
  return old;
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OURS.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    const isOurs = OURS.has(name) && old.hasAttribute(name);
    if (!isOurs && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function children(old, fresh) {
  const wanted = [...fresh.childNodes];
  let here = theirs(old.firstChild);
  wanted.forEach((node, index) => {
    let match = here;
    while (match && !alike(match, node)) match = theirs(match.nextSibling);
    if (!match) {
      old.insertBefore(node, here);
      return;
    }
    // What lies between goes, unless it is still wanted: then the match moves instead.
    while (here !== match && !wanted.slice(index + 1).some((later) => alike(here, later))) {
      here = removed(here);
    }
    if (here === match) here = theirs(match.nextSibling);
    else old.insertBefore(match, here);
    if (match.nodeType === Node.ELEMENT_NODE) morph(match, node);
    else if (match.nodeValue !== node.nodeValue) match.nodeValue = node.nodeValue;
  });
  while (here) here = removed(here);
}

function theirs(node) {
  while (node?.nodeType === Node.ELEMENT_NODE && node.hasAttribute("data-ours")) node = node.nextSibling;
  return node;
}

function removed(node) {
  const next = theirs(node.nextSibling);
  node.remove();
  return next;
}

function alike(one, other) {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  if (node.localName === "button" && node.name) return `${node.name}=${node.value}`;
  for (const name of ["data-entity", "data-keep", "id", "action", "name"]) {
    const key = node.getAttribute(name);
    if (key) return `${name}=${key}`;
  }
  return "";
}
