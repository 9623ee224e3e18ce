// Knows how to speak to people who listen to the page: one polite region and one assertive one.
//
//   say(text)             politely, at once: the answer to what the person just did
//   alarm(text)           at once: connection lost, your claim was taken, your accept was refused

const polite = region("polite");
const assertive = region("assertive");

export function say(text) {
  speak(polite, text);
}

export function alarm(text) {
  speak(assertive, text);
}

// The same words twice are two changes of the region, so that both are heard.
function speak(place, text) {
  if (!text) return;
  const line = document.createElement("p");
  line.textContent = text;
  place.replaceChildren(line);
}

// Regions must be there, and empty, before they speak. The layout has them; a page of its own may not.
function region(manner) {
  const there = document.getElementById(`announce-${manner}`);
  if (there) return there;
  const made = document.createElement("div");
  made.className = "visually-hidden";
  made.id = `announce-${manner}`;
  made.setAttribute("aria-live", manner);
  document.body.append(made);
  return made;
}
