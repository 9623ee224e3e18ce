// Knows what every page needs, and which module a page has of its own (body's data-page).
//
// A page module may export start(); it is called after the live view "page" exists and before the first
// frame, so that its listeners miss nothing.

import "./announce.js";
import "./countdown.js";
import "./elements/elapsed-time.js";
import "./elements/live-status.js";
import "./elements/until-time.js";
import "./endings.js";
import "./forms.js";
import "./saved.js";
import "./questions.js";
import "./unsaved.js";
import { live } from "./live.js";
import { prepare } from "./places.js";

const PAGES = {
  board: () => import("./board/main.js"),
  decided: () => import("./board/main.js"),
  sessions: () => import("./board/main.js"),
  host: () => import("./host.js"),
  manage: () => import("./manage.js"),
  patient: () => import("./patient.js"),
  visit: () => import("./visit.js"),
};

prepare(document);
try {
  const page = await PAGES[document.body.dataset.page]?.();
  await page?.start?.();
} finally {
  // A page whose own module fails still shows what is so.
  live.start();
}
