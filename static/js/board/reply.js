// Knows the typed response to a requester: kept for that request, in this tab only, until it is sent.
//
// It is whoever typed it who gets it back: a desk has one screen, and several people in a day.

const place = (entity) => `dispatch-reply-${document.body.dataset.person}-${entity}`;

/** Give back what was typed before, and remember what is typed from now on. */
export function keepReply(sheet) {
  const field = sheet.querySelector("textarea[name=response]");
  const { request } = sheet.dataset;
  field.value ||= sessionStorage.getItem(place(request)) ?? "";
  field.addEventListener("input", () => {
    if (field.value) sessionStorage.setItem(place(request), field.value);
    else forget(request);
  });
}

export function forget(entity) {
  sessionStorage.removeItem(place(entity));
}
