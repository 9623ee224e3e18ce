// Knows what is done to everything that comes onto a page, before it is seen: times in words, chips that end.
//
//   onArrival(fn)    have fn(root) run on everything that comes in
//   prepare(root)    it came in: the page itself when it begins, later each entity

const preparations = [];

export function onArrival(prepare) {
  preparations.push(prepare);
}

export function prepare(root) {
  for (const each of preparations) each(root);
}
