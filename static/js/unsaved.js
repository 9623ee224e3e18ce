// Knows that something was typed into a form and not sent: the browser asks before the page is left.
//
//   data-unsaved="no"    on the form; "yes" where the page came with something that is not saved yet

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  form.addEventListener("input", () => (form.dataset.unsaved = "yes"));
  addEventListener("beforeunload", (event) => {
    if (form.dataset.unsaved === "yes") event.preventDefault();
  });
  form.addEventListener("submit", () => (form.dataset.unsaved = "no"));
}
