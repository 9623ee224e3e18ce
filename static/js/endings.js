// Knows what time alone takes off a page: an entity with data-ends-at goes when server time reaches it; no event
// says so, and a fresh page would not show it either.

import { clock } from "./clock.js";
import { onArrival } from "./arrival.js";

onArrival((root) => {
  const own = root.dataset?.endsAt ? [root] : [];
  for (const element of [...own, ...root.querySelectorAll("[data-ends-at]")]) {
    clock.at(Date.parse(element.dataset.endsAt), () => (element.dataset.over = ""));
  }
});
