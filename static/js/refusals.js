// Knows how a form says why it was refused: at the field to blame, at its top, or as one more question.

/** Say it at the top of the form; `more` is an element to go with it. */
export function summary(form, sentence, more = null) {
  const place = form.querySelector("[data-summary]") ?? made(form);
  const words = document.createElement("p");
  words.textContent = sentence;
  place.replaceChildren(words, ...(more ? [more] : []));
  look(place, "notice--danger");
  place.hidden = false;
  place.scrollIntoView({ block: "nearest" });
  return place;
}

/** Say it at the field and go there; returns false when the form has no such field. */
export function fieldError(form, name, sentence) {
  const field = [...form.elements].find((one) => one.name === name && one.type !== "hidden");
  if (!field || field.localName === "button") return false;
  const place = form.querySelector(`[data-error-for="${CSS.escape(name)}"]`) ?? behind(field, name);
  place.id ||= `error-${name}-${form.action.replace(/\W+/g, "-")}`;
  place.textContent = sentence;
  place.hidden = false;
  field.setAttribute("aria-invalid", "true");
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  if (!described.includes(place.id)) field.setAttribute("aria-describedby", [...described, place.id].join(" "));
  field.focus();
  return true;
}

/** Ask once more, inline: `words` is the button that says yes. */
export function confirmation(form, sentence, words, yes) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", yes, { once: true });
  look(summary(form, sentence, button), "notice--warn"); // a question is no failure
  button.focus();
}

/** Take back what was said before. */
export function clear(form) {
  for (const place of form.querySelectorAll("[data-summary], [data-error-for]")) {
    place.replaceChildren();
    place.hidden = true;
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function look(place, word) {
  place.classList.remove("notice--danger", "notice--warn");
  place.classList.add(word);
}

function made(form) {
  const place = document.createElement("div");
  place.className = "notice notice--danger stack stack--small";
  place.dataset.summary = "";
  place.dataset.ours = ""; // a row that is drawn anew keeps it
  place.setAttribute("role", "alert");
  form.prepend(place);
  return place;
}

function behind(field, name) {
  const place = document.createElement("p");
  place.className = "field__error";
  place.dataset.errorFor = name;
  place.dataset.ours = "";
  (field.closest("fieldset, label") ?? field).after(place);
  return place;
}
