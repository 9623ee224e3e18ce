// Knows how the lists of decided requests and sessions are searched: in place, so no name leaves the page.

import { say } from "../announce.js";

export function watchSearch() {
  const form = document.querySelector("[data-search-form]");
  const field = form.querySelector("input");
  const main = document.querySelector("main");
  const empty = document.querySelector("[data-list-empty]");
  const unmatched = document.querySelector("[data-list-unmatched]");
  const wasSearched = "searched" in field.dataset; // the server left out what did not match

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const shown = look();
    say(shown === 1 ? "1 found." : `${shown} found.`);
  });
  field.addEventListener("input", () => {
    if (wasSearched && !field.value) location.assign(location.pathname);
    else look();
  });
  main.addEventListener("dispatch:frame", look);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    field.focus();
  });
  look();

  function look() {
    const words = field.value.trim().toLowerCase();
    const all = [...main.querySelectorAll("tr[data-entity]")];
    let shown = 0;
    for (const row of all) {
      const matches = !words || row.dataset.number === words || name(row).includes(words);
      row.toggleAttribute("data-list-hidden", !matches);
      shown += Number(matches);
    }
    empty.hidden = all.length > 0 || wasSearched;
    unmatched.hidden = shown > 0 || (all.length === 0 && !wasSearched);
    return shown;
  }
}

function name(row) {
  return row.querySelector("[data-search]")?.textContent.toLowerCase() ?? "";
}
