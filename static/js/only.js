// Knows a page that shows one entity of a stream that has more: data-only on the place names it.

export function keepOthersAway(event) {
  const only = event.detail.place?.dataset.only;
  if (only && only !== event.detail.entity) event.preventDefault();
}
