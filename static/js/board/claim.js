// Knows the claim of an open dialog: taken when it opens, given up when it closes, lost when somebody takes over.

import { alarm } from "../announce.js";
import { tabName } from "../tab.js";

export class Claim {
  #address;
  #dialog;
  #isMine = false;
  #isOver = false;
  #words = "";

  constructor(address, dialog) {
    this.#address = address.replace(/\/assignment$/, "/claim");
    this.#dialog = dialog;
  }

  async take(takeOver = false) {
    const reply = await this.#post(this.#address, takeOver ? { take_over: "1" } : {});
    if (this.#isOver) return this.release();
    this.#isMine = reply?.ok === true;
    this.#words = this.#isMine ? "" : (reply?.sentence ?? "");
    return this.#paint();
  }

  /** Look at what a sheet says about who holds it. */
  see(sheet) {
    const { holder, holderName } = sheet.querySelector("[data-holder]")?.dataset ?? {};
    const isOther = Boolean(holder) && holder !== document.body.dataset.person;
    if (isOther) {
      if (this.#isMine) alarm(`${holderName} took over this request.`);
      const verb = this.#isMine ? "took over" : "is assigning";
      if (this.#isMine || !this.#words) this.#words = `${holderName} ${verb} this request.`;
      this.#isMine = false;
    } else if (!holder && !this.#isMine && this.#words) {
      this.#words = "";
      this.take(); // whoever held it has gone
    }
    this.#paint();
  }

  release() {
    this.#isOver = true;
    if (this.#isMine) this.#post(`${this.#address}/release`, {});
    this.#isMine = false;
  }

  #paint() {
    const line = this.#dialog.querySelector("[data-claimed-by]");
    if (!line) return;
    line.hidden = this.#words === "";
    line.querySelector("[data-claim-words]").textContent = this.#words;
    line.querySelector("[data-take-over]").onclick = () => this.take(true);
  }

  async #post(address, fields) {
    try {
      const body = new URLSearchParams({ ...fields, tab: await tabName() });
      const headers = { Accept: "application/json" };
      const response = await fetch(address, { method: "POST", body, headers, keepalive: true });
      return await response.json();
    } catch {
      return null; // a claim only tells others; without it everything works
    }
  }
}
