// Knows which of a clinic's questions are asked: those with a condition show when an earlier answer calls for
// them, and then need no words that say so. Without it every question shows, with the words; what counts is
// decided by the server either way.

for (const form of formsThatDepend()) {
  for (const words of form.querySelectorAll("[data-only-if-words]")) words.hidden = true;
  form.addEventListener("change", () => show(form));
  show(form);
}

function formsThatDepend() {
  const questions = [...document.querySelectorAll("[data-only-if]")];
  return new Set(questions.map((question) => question.closest("form, [data-questions]")));
}

/** In the order of the page, so that a question depending on a hidden one is hidden too. */
function show(form) {
  for (const question of form.querySelectorAll("[data-only-if]")) {
    const { onlyIf, answer } = question.dataset;
    const given = form.querySelectorAll(`[name="${onlyIf}"]:checked`);
    const isAsked = [...given].some((input) => input.value === answer && !input.closest("[hidden]"));
    question.hidden = !isAsked;
  }
}
