// Knows how instants read to this viewer: their zone (body's data-zone), their hour cycle, and always the
// zone's name (S91).
//
//   <time datetime="2026-11-24T19:30:00Z" data-format="datetime">…</time>
//   formats: "time" (2:30pm EST; with the day when that is not today), "datetime" (Tue 24 Nov, 2:30pm EST),
//            "day" (Tue 24 Nov)
//   inWords(instant_ms, format)   the same as text
//   paint(root)                   write every <time data-format> in and below root
//
// "Today" is by server time, and the words are written anew when the day changes.

import { onArrival, prepare } from "./arrival.js";
import { clock } from "./clock.js";

const HERE = navigator.language || "en";
const LOCALE = /^en\b/.test(HERE) ? HERE : "en-US"; // the pages speak English; the hour cycle is the viewer's
const IS_24_HOURS = !new Intl.DateTimeFormat(HERE, { hour: "numeric" }).resolvedOptions().hour12;
const NAMED_BY = [LOCALE, "en-US", "en-GB", "en-AU", "en-IN", "en-ZA"]; // each knows the names of its own region

const zone = known(document.body?.dataset.zone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
const formats = new Map();

export function inWords(instant, format) {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return "";
  if (format === "day") return day(at);
  const clockTime = `${time(at)} ${zoneName(at)}`;
  const needsDay = format === "datetime" || day(at) !== day(new Date(clock.now()));
  return needsDay ? `${day(at)}, ${clockTime}` : clockTime;
}

export function paint(root) {
  const elements = root.matches?.("time[data-format]") ? [root] : [];
  for (const element of [...elements, ...root.querySelectorAll("time[data-format]")]) {
    const words = inWords(element.dateTime, element.dataset.format);
    if (words && element.textContent !== words) element.textContent = words;
  }
}

function day(at) {
  const wanted = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  const { weekday, day, month, year } = parts("day", wanted, at);
  const thisYear = parts("day", wanted, new Date(clock.now())).year;
  return `${weekday} ${day} ${month}${year === thisYear ? "" : ` ${year}`}`;
}

function time(at) {
  const wanted = IS_24_HOURS
    ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
    : { hour: "numeric", minute: "2-digit", hourCycle: "h12" };
  const { hour, minute, dayPeriod } = parts("time", wanted, at);
  return `${hour}:${minute}${(dayPeriod ?? "").toLowerCase().replace(/[^a-z]/g, "")}`;
}

/** Return the zone's own short name at that instant (EST or EDT), or its distance from UTC: never a guess. */
function zoneName(at) {
  const names = NAMED_BY.map((locale) => {
    return parts(`zone ${locale}`, { timeZoneName: "short" }, at, locale).timeZoneName;
  });
  return names.find((name) => !/[+−-]\d|\d:/.test(name)) ?? names[0];
}

function parts(name, wanted, at, locale = "en-US") {
  if (!formats.has(name)) formats.set(name, new Intl.DateTimeFormat(locale, { ...wanted, timeZone: zone }));
  const found = formats.get(name).formatToParts(at);
  return Object.fromEntries(found.map(({ type, value }) => [type, value]));
}

function known(name) {
  try {
    return name && Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null; // this browser's zone tables are older than ours
  }
}

onArrival(paint);
let today = day(new Date(clock.now()));
clock.onTick(() => {
  const now = day(new Date(clock.now()));
  if (now === today) return;
  today = now;
  prepare(document);
});
