// Knows how a plain form is sent without leaving the page: once, honestly, and with nothing typed lost.
//
// Any <form method="post" data-fetch> is sent by fetch; without JavaScript it is an ordinary form.
//   input name="key"     filled with an idempotency key; the same key on every retry of the same content
//   input name="tab"     filled with the name of this open page (claims)
//   data-busy-text       on the button: what it says meanwhile ("Accepting…"); "Sending…" otherwise
//   data-confirm-text    on the button: what the second button says when the server wants to be sure
//                        ("Accept anyway"); it sends `confirm` of the reply as fields `confirm`
//   data-error-for=name  where a field's error goes; made behind the field if missing
//   data-summary         where other refusals go; made at the form's top if missing
//   data-needs-live      on the form or around it: refused with words while the page is not live; on the
//                        board every form is, for a stale list invites wrong answers
//
// Nothing is painted before the server said so. On success the page follows `location` when that is
// another page, or when this page would not hear of the change; otherwise the live view shows it.
//
// Events on the form (they bubble):
//   dispatch:sent      cancelable (then nobody navigates), detail {reply, button}: {ok, number, was_there, location}
//   dispatch:refused   cancelable (then nothing is shown), detail {reply, status}: {code, sentence, field, confirm}

import { say } from "./announce.js";
import { connection } from "./connection.js";
import { clear, confirmation, fieldError, summary } from "./refusals.js";
import { newKey, tabName } from "./tab.js";

const AWAY = "away"; // the server could not reach its records, and nothing was changed
const RETRY_MS = [1000, 2000, 4000, 8000];
const UNSURE = "We don't know if that went through. Checking…";
const GAVE_UP =
  "We can't reach the clinic, so we don't know if that went through. Press again: it is never done twice.";
const SIGNED_OUT = "You are signed out. Sign in again, then press once more: what you typed stays here.";

const keys = new WeakMap(); // form -> {content, key} of what was sent without a definite answer

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[method=post][data-fetch]")) return;
  event.preventDefault();
  if (!("sending" in form.dataset)) send(form, event.submitter);
});

/** Send the form as if `button` were pressed; `extra` are further [name, value] pairs. */
export async function send(form, button = null, extra = []) {
  clear(form);
  if (needsLive(form) && connection.state === "not-live") {
    summary(form, `${connection.words} You can go on as soon as it is live again.`);
    return;
  }
  form.dataset.sending = "";
  const rest = busy(button);
  try {
    const body = await content(form, button, extra);
    const answer = await ask(form, target(form, button), body);
    if (answer) settle(form, button, answer);
    else summary(form, GAVE_UP);
  } finally {
    delete form.dataset.sending;
    rest();
  }
}

function needsLive(form) {
  return document.body.dataset.page === "board" || form.closest("[data-needs-live]") !== null;
}

function target(form, button) {
  // formAction alone answers with the page's own address where the button has none
  return button?.getAttribute("formaction") ? button.formAction : form.action;
}

async function content(form, button, extra) {
  const fields = new FormData(form, button?.form === form ? button : null);
  if (fields.has("tab")) fields.set("tab", await tabName());
  for (const [name, value] of extra) fields.append(name, value);
  fields.delete("key");
  const body = new URLSearchParams(fields);
  const sent = keys.get(form);
  const key = sent?.content === body.toString() ? sent.key : newKey();
  keys.set(form, { content: body.toString(), key });
  body.set("key", key);
  return body;
}

/** Return {status, reply}, or null when nobody answered; unclear ends are asked about with the same key. */
async function ask(form, action, body) {
  for (const wait of [...RETRY_MS, null]) {
    const answer = await post(action, body);
    if (answer) {
      clear(form);
      if (answer.reply.code !== AWAY) keys.delete(form); // pressed again, it is the same try
      return answer;
    }
    if (wait === null) return null;
    summary(form, UNSURE);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return null;
}

async function post(action, body) {
  try {
    const headers = { Accept: "application/json" };
    const response = await fetch(action, { method: "POST", body, headers, redirect: "follow" });
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const reply = isJson ? await response.json() : { ok: response.ok, location: response.url };
    // It may have been done before it failed, unless the server knows that it was not.
    if (response.status >= 500 && reply.code !== AWAY) return null;
    return { status: response.status, reply };
  } catch {
    return null;
  }
}

function settle(form, button, { status, reply }) {
  const detail = { reply, status, button };
  const name = reply.ok ? "dispatch:sent" : "dispatch:refused";
  const event = new CustomEvent(name, { bubbles: true, cancelable: true, detail });
  if (!form.dispatchEvent(event)) return;
  if (reply.ok) follow(reply.location);
  else if (status === 401) signedOut(form);
  else if (reply.confirm?.length) {
    const words = button?.dataset.confirmText ?? "Do it anyway";
    const extra = reply.confirm.map((token) => ["confirm", token]);
    confirmation(form, reply.sentence, words, () => send(form, button, extra));
  } else if (!reply.field || !fieldError(form, reply.field, reply.sentence)) {
    summary(form, reply.sentence ?? "Sorry, something went wrong on our side. Nothing was changed.");
  }
}

function follow(location_) {
  if (!location_) return;
  const target = new URL(location_, location.href);
  const isHere = target.pathname === location.pathname;
  if (!isHere) location.assign(target);
  else if (!connection.isFresh) location.reload();
}

function signedOut(form) {
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.textContent = "Sign in in a new tab";
  summary(form, SIGNED_OUT, link);
}

/** Say on the button what is going on, keep its focus, and return how to take that back. */
function busy(button) {
  if (!button) return () => {};
  const words = [...button.childNodes];
  const width = `${button.offsetWidth}px`;
  button.dataset.busy = "";
  button.setAttribute("aria-disabled", "true");
  button.style.minInlineSize = width; // the button does not shrink under the finger
  button.textContent = button.dataset.busyText ?? "Sending…";
  say(button.textContent);
  return () => {
    delete button.dataset.busy;
    button.removeAttribute("aria-disabled");
    button.style.minInlineSize = "";
    button.replaceChildren(...words);
  };
}
