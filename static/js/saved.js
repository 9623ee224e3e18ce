// Knows how a saved reply gets into what one is writing: behind what is typed, and free to be changed.
//
//   <select data-saved-reply>  its chosen option's data-text goes into the form's textarea "response";
//                              the select is empty again, so that nothing is sent twice

import { say } from "./announce.js";

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("select[data-saved-reply]")) return;
  const { text } = target.selectedOptions[0].dataset;
  const field = target.form?.elements.response;
  target.value = "";
  if (!text || !field) return;
  const before = field.value.trimEnd();
  const whole = before ? `${before}\n${text}` : text;
  if (field.maxLength > 0 && whole.length > field.maxLength) {
    say("There is no room left for that reply.");
    return;
  }
  field.value = whole;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  say("The saved reply is in your text.");
});
