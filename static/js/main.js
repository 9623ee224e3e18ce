// Knows how a page with live parts begins.
//
//   startPage({ board: start, … })   what a page does of its own, by the name in body's data-page; each is called
//                                    before the first frame, so that its listeners miss nothing
//
// Which modules a kind of page needs, its file in pages/ says; a page asks for that one alone.

import "./announce.js";
import "./elements/live-status.js";
import "./elements/until-time.js";
import { prepare } from "./arrival.js";
import { live } from "./live.js";

export function startPage(starts) {
  prepare(document);
  try {
    starts[document.body.dataset.page]?.();
  } finally {
    // A page whose own part fails still shows what is so.
    live.start();
  }
}
