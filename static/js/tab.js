// Knows the name of this open page: claims belong to it, and a second socket with it replaces the first.
//
//   await tabName()   the same over reloads; a duplicated tab copies sessionStorage, so it asks around first
//   newKey()          an unguessable word, for idempotency keys too

const PLACE = "dispatch-tab";
const ASK_MS = 80;

export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Only secure contexts have randomUUID; a clinic may try the console over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

let named = null;

export function tabName() {
  named ??= find();
  return named;
}

async function find() {
  const self = newKey();
  let name = sessionStorage.getItem(PLACE);
  const channel = new BroadcastChannel(PLACE);
  if (name && (await isTaken(channel, name, self))) name = null;
  name ??= newKey();
  sessionStorage.setItem(PLACE, name);
  channel.onmessage = ({ data: { asks, from } }) => {
    if (asks === name && from !== self) channel.postMessage({ taken: name, to: from });
  };
  return name;
}

function isTaken(channel, name, self) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), ASK_MS);
    channel.onmessage = ({ data: { taken, to } }) => {
      if (taken === name && to === self) resolve(true);
    };
    channel.postMessage({ asks: name, from: self });
  });
}
