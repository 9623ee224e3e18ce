// Knows what the board sounds like: two notes for a new request, three when one goes over its target.
// Browsers let a page sound only after a press, so one press arms it; the notes are made here, no files.

const NEW = [660, 880];
const LATE = [880, 660, 880];
const NOTE_SECONDS = 0.16;
const MUTE_MS = 5 * 60_000;
const BURST_MS = 1500; // many at once sound once

export function watchSound() {
  const button = document.querySelector("[data-sound]");
  const words = button.querySelector("span");
  const board = document.querySelector("[data-board]");
  const main = document.querySelector("main");
  let audio = null;
  let mutedUntil = 0;
  let lastAt = -Infinity;
  let timer = null;

  delete button.dataset.waits;
  button.hidden = !("AudioContext" in window);
  button.addEventListener("click", toggle);
  main.addEventListener("dispatch:put", ({ detail: { element, isNew, isSnapshot } }) => {
    if (isNew && !isSnapshot && board.contains(element)) play(NEW);
  });
  document.addEventListener("dispatch:new-while-paused", () => play(NEW));
  main.addEventListener("dispatch:over", ({ target }) => {
    if (board.contains(target)) play(LATE);
  });
  return { mute };

  function toggle() {
    if (performance.now() < mutedUntil) mutedUntil = 0;
    else if (audio) {
      audio.close();
      audio = null;
    } else {
      audio = new AudioContext();
      lastAt = -Infinity;
      play(NEW); // so that the person hears what they turned on
    }
    paint();
  }

  function mute() {
    if (!audio) return "The sound is off.";
    mutedUntil = performance.now() + MUTE_MS;
    clearTimeout(timer);
    timer = setTimeout(paint, MUTE_MS);
    paint();
    return "Muted for 5 minutes.";
  }

  function paint() {
    const isMuted = audio && performance.now() < mutedUntil;
    words.textContent = !audio ? "Turn on sound" : isMuted ? "Muted for 5 min" : "Sound is on";
    button.setAttribute("aria-pressed", String(Boolean(audio && !isMuted)));
  }

  function play(notes) {
    const now = performance.now();
    if (!audio || now < mutedUntil || now - lastAt < BURST_MS) return;
    lastAt = now;
    audio.resume();
    notes.forEach((pitch, index) => note(pitch, audio.currentTime + index * NOTE_SECONDS));
    board.dispatchEvent(new CustomEvent("dispatch:sound", { bubbles: true, detail: { notes: notes.length } }));
  }

  function note(pitch, at) {
    const tone = new OscillatorNode(audio, { type: "sine", frequency: pitch });
    const loudness = new GainNode(audio, { gain: 0 });
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.2, at + 0.02);
    loudness.gain.linearRampToValueAtTime(0, at + NOTE_SECONDS);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + NOTE_SECONDS);
  }
}
