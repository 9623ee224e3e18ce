// Knows how the menu of requested times is walked: arrows, Home, End; opening it goes to the first time.

export function watchMenu(sheet) {
  const menu = sheet.querySelector(".times-menu");
  if (!menu) return;
  const button = sheet.querySelector("[data-accept-menu]");
  const items = () => [...menu.querySelectorAll("[role=menuitem]:not(:disabled)")];
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  menu.addEventListener("toggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState === "open") items()[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => {
    const all = items();
    const here = all.indexOf(document.activeElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  });
  menu.addEventListener("click", (event) => {
    if (event.target.closest("[role=menuitem]")) queueMicrotask(() => menu.hidePopover());
  });
}
