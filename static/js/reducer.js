// Knows what a page holds of its streams and what a message does to that; no DOM, no network, no clock.
//
// One state per view ("page", "dialog"):
//   cursors:  {"clinic:3/board": {seq, tag} | null}            null: none yet, a snapshot is due
//   entities: {"request:12": {"clinic:3/board": {version, html}}}   one copy per stream that holds it
//   behind:   {"clinic:3/board": at}    since when (ms, monotonic) the log is ahead of the cursor
//   asked:    {"clinic:3/board": at}    when we asked to resume, until it is answered
//
// reduce(state, message, at) -> {state, effects}; state is never changed in place. Messages are those of
// docs/protocol.md (frame, heartbeat) and {type: "tick"}. Effects, in the order to be done:
//   {type: "put", entity, version, html, stream, isNew, isSnapshot}   show this copy
//   {type: "gone", entity, version, html, stream, isSnapshot}  nobody holds it any more; html may be ""
//   {type: "resume", stream, projection, seq, tag}             ask the server
//   {type: "replaced", stream, projection, why}                a snapshot replaced the stream
//   {type: "moved", stream, projection, seq, tag}              the cursor went on (or back, by a snapshot)

const BEHIND_MS = 1000; // a head above the cursor for longer than this means a lost frame
const ANSWER_MS = 2000; // a resume that is not answered in this time is asked again

export const keyOf = ({ stream, projection }) => `${stream}/${projection}`;

/** Return the state of a view that shows `showing` ({stream, projection, seq, tag}) and `holds` (key -> copies). */
export function begin(showing, holds = {}) {
  const state = { cursors: {}, entities: {}, behind: {}, asked: {} };
  for (const view of showing) {
    const key = keyOf(view);
    const isKnown = Number.isInteger(view.seq);
    state.cursors[key] = isKnown ? { seq: view.seq, tag: view.tag ?? "" } : null;
    for (const [entity, copy] of Object.entries(holds[key] ?? {})) {
      state.entities[entity] = { ...state.entities[entity], [key]: copy };
    }
  }
  return state;
}

export function reduce(state, message, at) {
  switch (message.type) {
    case "frame":
      return frame(state, message, at);
    case "heartbeat":
      return overdue(withHeads(state, message.heads ?? {}, at), at);
    case "tick":
      return overdue(state, at);
    default:
      return { state, effects: [] }; // a newer server may say more
  }
}

/** Say that a resume of every stream is under way (hello asks for all of them at once). */
export function asking(state, at) {
  const asked = Object.fromEntries(Object.keys(state.cursors).map((key) => [key, at]));
  return { ...state, asked };
}

/** Return the copy that shows: of several, the one with the higher version, and the later told of equals. */
export function shown(copies) {
  let best = null;
  for (const copy of Object.values(copies)) if (!best || copy.version >= best.version) best = copy;
  return best;
}

// The range rule. It alone decides what is applied.
function frame(state, message, at) {
  const key = keyOf(message);
  if (!(key in state.cursors)) return { state, effects: [] };
  if (message.after === null) return replaced(state, message, key);
  const cursor = state.cursors[key];
  if (cursor && message.seq <= cursor.seq) {
    // Also the empty answer to a resume that found nothing new.
    return { state: settled(state, key, message.seq === cursor.seq), effects: [] };
  }
  if (!cursor || message.after > cursor.seq) return ask(state, key, at);
  return applied(state, message, key);
}

function applied(state, message, key) {
  const change = { entities: { ...state.entities }, effects: [] };
  for (const op of message.ops) apply(change, op, key, message.stream, false);
  return moved(state, change, message, key);
}

function replaced(state, message, key) {
  const change = { entities: { ...state.entities }, effects: [] };
  const { stream, projection, why = "new" } = message;
  const named = new Set(message.ops.map((op) => op.entity));
  for (const [entity, copies] of Object.entries(state.entities)) {
    if (!(key in copies) || named.has(entity)) continue;
    const op = { op: "gone", entity, version: copies[key].version, html: "" };
    apply(change, op, key, stream, true);
  }
  for (const op of message.ops) apply(change, op, key, stream, true);
  change.effects.push({ type: "replaced", stream, projection, why });
  return moved(state, change, message, key);
}

function apply(change, op, key, stream, isSnapshot) {
  const { entity, version } = op;
  const { [key]: own, ...others } = change.entities[entity] ?? {};
  const before = own || Object.keys(others).length ? change.entities[entity] : null;
  if (op.op === "put") {
    const copies = { ...others, [key]: { version, html: op.html } };
    change.entities[entity] = copies;
    const best = shown(copies);
    // Another stream's copy is newer: it stays, or comes to light when a restored log took ours back.
    if (best !== copies[key] && !(own && shown(before) === own)) return;
    const isNew = before === null;
    change.effects.push({ type: "put", entity, version: best.version, html: best.html, stream, isNew, isSnapshot });
    return;
  }
  const rest = shown(others);
  if (rest) {
    change.entities[entity] = others;
    if (own && shown(before) === own) {
      const { version: left, html } = rest;
      change.effects.push({ type: "put", entity, version: left, html, stream, isNew: false, isSnapshot });
    }
    return;
  }
  delete change.entities[entity];
  const html = op.html ?? "";
  if (before) change.effects.push({ type: "gone", entity, version, html, stream, isSnapshot });
}

function moved(state, change, message, key) {
  const { stream, projection, seq, tag } = message;
  const cursors = { ...state.cursors, [key]: { seq, tag } };
  const next = settled({ ...state, cursors, entities: change.entities }, key, true);
  return { state: next, effects: [...change.effects, { type: "moved", stream, projection, seq, tag }] };
}

function settled(state, key, isCaughtUp) {
  const { [key]: _behind, ...behind } = state.behind;
  const { [key]: _asked, ...asked } = state.asked;
  return isCaughtUp ? { ...state, behind, asked } : state;
}

function ask(state, key, at) {
  if (key in state.asked && at - state.asked[key] < ANSWER_MS) return { state, effects: [] };
  const slash = key.lastIndexOf("/");
  const [stream, projection] = [key.slice(0, slash), key.slice(slash + 1)];
  const { seq, tag } = state.cursors[key] ?? { seq: null, tag: "" };
  const asked = { ...state.asked, [key]: at };
  return { state: { ...state, asked }, effects: [{ type: "resume", stream, projection, seq, tag }] };
}

function withHeads(state, heads, at) {
  const behind = {};
  for (const [key, cursor] of Object.entries(state.cursors)) {
    const head = heads[key.slice(0, key.lastIndexOf("/"))];
    const isBehind = head === undefined ? key in state.behind : !cursor || head > cursor.seq;
    if (isBehind) behind[key] = state.behind[key] ?? at;
  }
  return { ...state, behind };
}

function overdue(state, at) {
  const effects = [];
  for (const key of Object.keys(state.cursors)) {
    const isLost = key in state.behind && at - state.behind[key] > BEHIND_MS;
    const isUnanswered = key in state.asked && at - state.asked[key] >= ANSWER_MS;
    if (!isLost && !isUnanswered) continue;
    const answer = ask(state, key, at);
    state = answer.state;
    effects.push(...answer.effects);
  }
  return { state, effects };
}
