// Knows in which zone somebody reads the times of a public calendar who has not said so: the one their device is
// in. The page itself says the zone in words, and lets another be chosen; without scripts it begins with the
// clinic's. And whoever adds or removes a time comes back to where they were on the page.

const PLACE = "dispatch.booking.place";

const shown = document.querySelector("[data-zone-guessed]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (shown && here && here !== shown.dataset.zoneShown) {
  const address = new URL(location.href);
  address.searchParams.set("zone", here);
  location.replace(address);
} else if (!document.querySelector(".error-summary")) {
  const place = sessionStorage.getItem(PLACE);
  if (place) scrollTo(0, Number(place));
}
sessionStorage.removeItem(PLACE);

document.addEventListener("click", (event) => {
  if (event.target.closest("a.time")) sessionStorage.setItem(PLACE, String(scrollY));
});
