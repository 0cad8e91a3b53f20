// Words that grow old while a page lies open, told by the browser from the moment itself:
// <time datetime="2026-11-28T07:05:00Z" data-told="ago">12 min ago</time>. Without script the
// server's words stand there; on a kept page they are the time of the day, which stays true.

import { WORDS } from "./time-words.js";

const EVERY_MS = 10_000;
const MINUTE_S = 60;
const TOLERATED_MS = 30_000; // a tablet's clock is that much off without being set right

const languageOf = (element) => ((element?.closest("[lang]")?.lang ?? "en").split("-")[0] === "ur" ? "ur" : "en");

function counted(count, unit, language, bent) {
  const [one, oneBent, many] = WORDS.units[unit][1][language];
  if (count !== 1) return `${count} ${many}`;
  return `${count} ${bent ? oneBent : one}`;
}

// As filiform.times.told: seconds, "ago", "in" or "for", "en" or "ur".
export function told(seconds, phrase, language) {
  if (seconds < MINUTE_S) return WORDS.now[phrase][language];
  const [, unit, rest] = WORDS.steps.find(([below]) => below === null || seconds < below);
  const bent = WORDS.bent.includes(phrase);
  const length = WORDS.units[unit][0];
  let text = counted(Math.floor(seconds / length), unit, language, bent);
  if (rest) {
    const left = Math.floor((seconds % length) / WORDS.units[rest][0]);
    if (left) text += ` ${counted(left, rest, language, bent)}`;
  }
  return WORDS.phrases[language][phrase].replace("{}", text);
}

// How far this machine's clock is from the server's, which says its time with each page. Browsers
// tell a page's timing over HTTPS and on the machine itself; elsewhere the own clock has to do.
export function clockErrorMs(entry, origin) {
  const said = entry?.serverTiming?.find?.((one) => one.name === "now")?.duration;
  if (!said) return 0;
  const error = origin + entry.responseStart - said;
  return Math.abs(error) > TOLERATED_MS ? error : 0;
}
const errorMs = clockErrorMs(performance.getEntriesByType?.("navigation")?.[0], performance.timeOrigin);

export const now = () => Date.now() - errorMs;

export function tellAll(root = document) {
  for (const element of root.querySelectorAll("time[data-told]")) {
    const since = (now() - Date.parse(element.dateTime || element.getAttribute("datetime"))) / 1000;
    if (Number.isNaN(since)) continue;
    const phrase = element.dataset.told;
    const text = told(phrase === "in" ? -since : since, phrase, languageOf(element));
    if (element.textContent !== text) element.textContent = text;
  }
}

tellAll();
setInterval(() => { if (!document.hidden) tellAll(); }, EVERY_MS);
document.addEventListener("visibilitychange", () => tellAll());
document.addEventListener("htmx:afterSettle", () => tellAll());
addEventListener("pageshow", () => tellAll());
