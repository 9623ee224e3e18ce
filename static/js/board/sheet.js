// Knows the inside of the Assign dialog: the accept button's words, the menu of times, and how a newer
// rendering of the same sheet is put in place without touching choice, text or order.

import { digest } from "../digest.js";
import { clear } from "../refusals.js";
import { watchMenu } from "./menu.js";
import { watchTimes } from "./passing.js";

export function begin(sheet) {
  sheet.addEventListener("change", (event) => {
    if (event.target.name !== "host") return;
    if (!("sending" in sheet.dataset)) clear(sheet); // whatever was refused was refused without this choice
    label(sheet);
  });
  const declining = sheet.querySelector(".declining");
  declining?.addEventListener("toggle", () => {
    if (declining.open) declining.scrollIntoView({ block: "nearest" });
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      (sheet.querySelector("[data-accept-menu]") ?? sheet.querySelector("[data-accept]")).click();
    }
  });
  watchMenu(sheet);
  watchTimes(sheet);
  label(sheet);
}

/** Put in place what `fresh` says differently; the list keeps its order while it is open. */
export function update(sheet, fresh) {
  const list = sheet.querySelector("[data-providers]");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = sheet.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!old) continue;
    if (!old.isEqualNode(part)) replace(old, part);
  }
  const there = new Set([...fresh.querySelectorAll("[data-host]")].map(({ dataset }) => dataset.host));
  for (const option of list.querySelectorAll("[data-host]")) {
    if (there.has(option.dataset.host)) continue;
    option.dataset.leftGroup = "";
    option.querySelector("[data-part^=status]").textContent = "No longer in this group";
    Object.assign(option.querySelector("input"), { disabled: true, checked: false });
  }
  for (const option of fresh.querySelectorAll("[data-host]")) {
    const old = list.querySelector(`[data-host="${option.dataset.host}"]`);
    if (!old) {
      list.append(option);
      continue;
    }
    delete old.dataset.leftGroup; // back again, as if they had never left
    const radio = old.querySelector("input");
    radio.disabled = false;
    radio.dataset.name = option.querySelector("input").dataset.name;
  }
  label(sheet);
}

function replace(old, part) {
  const [before, after] = [old.dataset.available, part.dataset.available];
  if (before && after && before !== after) {
    const { name } = old.closest("[data-host]").querySelector("input").dataset;
    digest(`provider ${name}`, `${name} is ${after === "yes" ? "available" : "not available"} now.`);
  }
  old.replaceWith(part);
}

function label(sheet) {
  const chosen = sheet.querySelector("input[name=host]:checked");
  for (const words of sheet.querySelectorAll("[data-for]")) {
    words.textContent = chosen ? ` for ${chosen.dataset.name}` : "";
  }
  const option = chosen?.closest("[data-host]");
  for (const mark of sheet.querySelectorAll("[data-mark]")) {
    const near = [...(option?.querySelectorAll(`[data-requested-at="${mark.dataset.mark}"]`) ?? [])];
    const overlaps = near.some((session) => "overlaps" in session.dataset);
    mark.textContent = overlaps ? "Overlaps" : near.length ? "Possible conflict" : "";
  }
}
