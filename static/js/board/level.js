// Knows when something that was fetched or copied beside the page has caught up with what the page has seen.
//
//   level(view)   of live.addView(). Resolves to true when it has, to false if that takes over 2 s (it catches
//                 up when it can); until then better not show it

import { live } from "../live.js";

const PATIENCE_MS = 2000;

export function level(view) {
  const wanted = aheadOf(view);
  const isThere = () => wanted.every(([key, seq]) => (view.cursors[key]?.seq ?? -1) >= seq);
  if (isThere()) return Promise.resolve(true);
  return new Promise((resolve) => {
    view.root.addEventListener("dispatch:frame", look);
    const late = setTimeout(() => done(false), PATIENCE_MS);

    function look() {
      if (isThere()) done(true);
    }

    function done(isLevel) {
      clearTimeout(late);
      view.root.removeEventListener("dispatch:frame", look);
      resolve(isLevel);
    }
  });
}

// Where other views are in the streams of this one: [key, seq].
function aheadOf(view) {
  const others = live.views.filter((other) => other !== view).flatMap((other) => Object.entries(other.cursors));
  return others.filter(([key, cursor]) => key in view.cursors && cursor).map(([key, { seq }]) => [key, seq]);
}
