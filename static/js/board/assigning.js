// Knows the Assign dialog from opening to closing: fetched, caught up with the streams, then shown.
//
// While it is open every change of the clinic's stream fetches the sheet anew and puts what differs in
// place: availability and conflicts of a calendar clinic depend on this request, so only the server knows.

import { alarm, say } from "../announce.js";
import { failed } from "../anew.js";
import { prepare } from "../arrival.js";
import { live } from "../live.js";
import { parse } from "../markup.js";
import { Claim } from "./claim.js";
import { level } from "./level.js";
import { forget, keepReply } from "./reply.js";
import { focusRow, nextOf } from "./rows.js";
import { begin, update } from "./sheet.js";

const SPACING_MS = 500; // many changes at once ask once
const LOOK_AGAIN_MS = 60_000; // conflicts of a Now request depend on the moment of looking (S45)

export function watchAssigning() {
  const dialog = document.querySelector("[data-assign-dialog]");
  let open = null; // {address, entity, sheet, claim, timer, askedAt, look}

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-assign]")) return;
    event.preventDefault();
    show(event.target.action, event.target.closest("[data-entity]")?.dataset.entity);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  dialog.addEventListener("dispatch:frame", refreshSoon);
  dialog.addEventListener("dispatch:sent", sent);
  dialog.addEventListener("dispatch:refused", refused);
  dialog.addEventListener("close", close);
  return { dialog };

  async function show(address, entity) {
    if (open) return;
    const mine = { address, entity, claim: new Claim(address, dialog), timer: null, askedAt: performance.now() };
    open = mine;
    mine.claim.take();
    const sheet = await fetched(address);
    if (!sheet) {
      open = null;
      mine.claim.release();
      failed("We can't open this request just now. Try again in a moment.");
      return;
    }
    put(sheet);
    if (sheet.matches("[data-sheet]")) {
      const isLevel = await level(live.addView("dialog", sheet));
      if (!isLevel || mine.timer) await refresh(); // something happened since it was fetched
    }
    if (open !== mine) return;
    mine.look = setInterval(refreshSoon, LOOK_AGAIN_MS);
    dialog.showModal();
    (dialog.querySelector("textarea:not([readonly])") ?? dialog.querySelector("h2"))?.focus();
  }

  function put(sheet) {
    dialog.replaceChildren(sheet);
    open.sheet = sheet;
    if (!sheet.matches("[data-sheet]")) return;
    begin(sheet);
    keepReply(sheet);
    open.claim.see(sheet);
  }

  function refreshSoon() {
    if (!open || open.timer) return;
    const wait = Math.max(0, open.askedAt + SPACING_MS - performance.now());
    open.timer = setTimeout(refresh, wait);
  }

  async function refresh() {
    const mine = open;
    if (!mine?.sheet?.matches("[data-sheet]")) return;
    clearTimeout(mine.timer);
    mine.timer = null;
    mine.askedAt = performance.now();
    const fresh = await fetched(mine.address);
    if (open !== mine || !fresh || "sending" in mine.sheet.dataset) return;
    if (fresh.matches("[data-answered]")) answered(fresh);
    else {
      update(mine.sheet, fresh);
      mine.claim.see(mine.sheet);
    }
  }

  // Somebody was first: say who and when, keep what was typed, offer to close (S65).
  function answered(fresh) {
    const typed = open.sheet.querySelector("textarea[name=response]")?.value ?? "";
    live.removeView("dialog");
    put(fresh);
    if (typed) {
      const kept = document.createElement("textarea");
      Object.assign(kept, { className: "field__input", readOnly: true, rows: 3, value: typed, id: "response-kept" });
      const label = document.createElement("label");
      Object.assign(label, { className: "field__label", htmlFor: "response-kept", textContent: "What you had typed" });
      const field = document.createElement("div");
      field.className = "field";
      field.append(label, kept);
      fresh.querySelector("[data-close]").parentElement.before(field);
    }
    alarm(fresh.querySelector(".notice").textContent.trim());
    fresh.querySelector("[data-close]").focus();
  }

  function sent(event) {
    event.preventDefault();
    forget(open.entity);
    const { number } = open.sheet.dataset;
    const isDecline = "decline" in (event.detail.button?.dataset ?? {});
    dialog.close();
    say(
      isDecline
        ? `Request ${number} will be declined in 10 seconds. Undo is on its row.`
        : `Request ${number} is accepted.`,
    );
  }

  async function refused(event) {
    const { code } = event.detail.reply;
    if (code === "already_decided") {
      event.preventDefault();
      const mine = open;
      const fresh = await fetched(mine.address);
      if (open !== mine) return;
      if (fresh?.matches("[data-answered]")) answered(fresh);
      else summarize(event.detail.reply.sentence);
    } else if (code === "changed_meanwhile") setTimeout(refresh);
  }

  function summarize(sentence) {
    const place = open.sheet.querySelector("[data-summary]");
    place.textContent = sentence;
    place.hidden = false;
  }

  function close() {
    if (!open) return;
    const { entity, claim, timer, look } = open;
    open = null;
    clearTimeout(timer);
    clearInterval(look);
    live.removeView("dialog");
    claim.release();
    dialog.replaceChildren();
    const row = document.querySelector(`[data-board] [data-entity="${CSS.escape(entity ?? "")}"]`);
    if (row) focusRow("left" in row.dataset ? nextOf(row) : row);
  }
}

/** Return the sheet, or what is shown instead of it; null when it cannot be had. */
async function fetched(address) {
  try {
    const headers = { Accept: "text/html", "X-Fragment": "dialog" };
    const response = await fetch(address, { headers, cache: "no-store" });
    if (!response.ok || response.redirected) return null;
    const sheet = parse(await response.text()).firstElementChild;
    prepare(sheet);
    return sheet;
  } catch {
    return null;
  }
}
