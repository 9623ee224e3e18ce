// Knows the one place where the page says how live it is, always visible and in words.
//
// <live-status></live-status>: the layout puts it into the header; it hides itself on pages without live parts.

import { connection } from "../connection.js";

class LiveStatus extends HTMLElement {
  static writesItself = true;
  #listen = () => this.#paint();

  connectedCallback() {
    document.addEventListener("dispatch:state", this.#listen);
    this.#paint();
  }

  disconnectedCallback() {
    document.removeEventListener("dispatch:state", this.#listen);
  }

  #paint() {
    const isLivePage = document.querySelector("main[data-live]") !== null;
    this.classList.add("live-status");
    this.hidden = !isLivePage;
    if (!isLivePage) return;
    const words = document.createElement("span");
    words.className = "live-status__words";
    words.textContent = connection.words || "Checking…";
    this.dataset.state = connection.state || "checking"; // what style sheets go by
    const parts = [words];
    if (connection.state === "signed-out") parts.push(link("Sign in", signIn()));
    if (connection.state === "stopped") parts.push(link("Reload", location.href));
    this.replaceChildren(...parts);
  }
}

function signIn() {
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
}

function link(words, href) {
  const element = document.createElement("a");
  element.className = "live-status__action";
  element.textContent = words;
  element.href = href;
  return element;
}

customElements.define("live-status", LiveStatus);
