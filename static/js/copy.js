// Knows how an address on a page gets into the clipboard. Without scripts, or where the browser has none, the
// button stays hidden and the address can be selected.
//
//   <button data-copy="id of the element" hidden><span data-copy-words>Copy link</span></button>

import { say } from "./announce.js";

const SHOWN_MS = 2000;

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.dataset.before ?? words.textContent;
  words.dataset.before = before;
  const address = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(address.textContent);
    words.textContent = "Copied";
    say("Copied.");
  } catch {
    getSelection().selectAllChildren(address); // the rest is a key of the keyboard
    words.textContent = "Selected";
  }
  setTimeout(() => (words.textContent = before), SHOWN_MS);
}
