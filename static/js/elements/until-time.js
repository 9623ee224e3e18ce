// Knows what is true only until an instant, by server time.
//
// <until-time at="2026-11-22T17:00:00Z">Available until 5pm</until-time><span data-else>Not available</span>
//
// Hidden once server time reaches `at` (or minutes-before it); a following sibling with data-else shows from then on. Instead of a
// sibling, data-else="words" on the element itself replaces its content. The place of both is the server's
// to fill: without JavaScript both show.

import { clock } from "../clock.js";
import { onArrival } from "../arrival.js";

class UntilTime extends HTMLElement {
  static observedAttributes = ["at", "minutes-before", "hidden"];
  #forget = null;

  connectedCallback() {
    this.look();
    // While the page is being parsed, the sibling comes after us.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.look());
  }

  disconnectedCallback() {
    this.#forget?.();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.look();
  }

  look() {
    this.#forget?.();
    const early = Number(this.getAttribute("minutes-before") ?? 0) * 60_000;
    const at = Date.parse(this.getAttribute("at")) - early;
    const isPast = clock.now() >= at;
    if (!isPast && !Number.isNaN(at)) this.#forget = clock.at(at, () => this.look());
    const instead = this.nextElementSibling;
    if (this.dataset.else) {
      if (isPast && this.textContent !== this.dataset.else) this.textContent = this.dataset.else;
      return;
    }
    if (this.hidden !== isPast) this.hidden = isPast;
    if (instead?.hasAttribute("data-else")) instead.hidden = !isPast;
  }
}

// The server writes the sibling as if time stood still; say again which of the two is true.
onArrival((root) => {
  for (const element of root.querySelectorAll("until-time")) element.look?.();
});
customElements.define("until-time", UntilTime);
