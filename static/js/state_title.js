// Knows the title of a page of one request: the state comes first, so that it is read on a narrow tab.
//
//   entitle(card, state)    "2nd in line · Northside · Dispatch"; without a state, what data-title of the card says

export function entitle(card, state = "") {
  const words = card.dataset.title;
  document.title = `${state ? state + words.slice(words.indexOf(" · ")) : words} · Dispatch`;
}
