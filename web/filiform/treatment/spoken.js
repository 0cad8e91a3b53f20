// What was said, as the acts that a tap would have made. Pure: words in, acts or a question out.
//
// words: { en: {...}, ur: {...} } of treatment/data/spoken.toml; both are always understood, since
// names of muscles are said in English in Urdu sentences.
// targets: [{ id, label, side, names: ["Infraspinatus", "انفراسپائنیٹس"], offered }]
// needles: [{ id, label, target }], those that are in, oldest first.
// → { acts: [{ kind, target?, needle? }] } or { ask: "nothing" | "which" | "side" | "not-in" | "in-already", said }
//
// When in doubt it asks: an act that nobody said is worse than a sentence said twice.

const KINDS = ["insertion", "removal", "twitch", "pain-reproduced"];
export const NEW = "new"; // the needle of the insertion before, in the same sentence
const MOST_TWITCHES = 20;
const DIGITS = /[\u0660-\u0669\u06F0-\u06F9]/g;

export function plain(text) {
  return text.normalize("NFKD").toLowerCase()
    .replace(DIGITS, (digit) => String(digit.charCodeAt(0) % 16))
    .replace(/[\u064B-\u065F\u0610-\u061A\u0300-\u036F]/g, "") // vowel signs and accents: engines write them or not
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
const phrases = (words, name) => Object.values(words).flatMap((one) => one[name] ?? []).map(plain)
  .sort((one, other) => other.length - one.length);
const has = (said, phrase) => ` ${said} `.includes(` ${phrase} `);

function numberOf(word, words) {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  for (const one of Object.values(words)) for (const [name, value] of Object.entries(one.numbers)) if (plain(name) === word) return value;
  return null;
}

// "infraspinatus in and three twitches" is two sentences, when each has a verb of its own.
function sentences(said, words) {
  const joints = phrases(words, "and");
  const parts = [];
  let part = [];
  for (const word of said.split(" ")) {
    if (joints.includes(word) && part.length) { parts.push(part.join(" ")); part = []; } else part.push(word);
  }
  if (part.length) parts.push(part.join(" "));
  return parts.every((one) => kindOf(one, words)) ? parts : [said];
}

function kindOf(said, words) {
  const found = KINDS.flatMap((kind) => phrases(words, kind).filter((phrase) => has(said, phrase)).map((phrase) => ({ kind, phrase })));
  // "known pain" and "pain" are both in it; "in" and "out" together are no sentence.
  const kinds = new Set(found.map((one) => one.kind));
  if (kinds.size > 1 && kinds.has("insertion") && kinds.has("removal")) return null;
  for (const kind of ["twitch", "pain-reproduced", "removal", "insertion"]) if (kinds.has(kind)) return kind;
  return null;
}

function sideOf(said, words) {
  const sides = ["left", "right"].filter((side) => phrases(words, side).some((phrase) => has(said, phrase)));
  return sides.length === 1 ? sides[0] : "";
}

// Every word of a name was said, or every word of its first part, before a comma or a bracket.
function called(said, target) {
  const heard = new Set(said.split(" "));
  const of = (name) => plain(name).split(" ").filter((word) => word.length > 1);
  return target.names.some((name) => {
    const whole = of(name);
    const first = of(name.split(/[,،(]/)[0]);
    return (whole.length > 0 && whole.every((word) => heard.has(word))) || (first.length > 0 && first.every((word) => heard.has(word)));
  });
}

function labelled(said, words, things) {
  const marks = phrases(words, "number");
  const list = said.split(" ");
  for (const [place, word] of list.entries()) {
    const number = numberOf(word, words);
    if (number === null || !marks.includes(list[place - 1])) continue;
    const next = list[place + 1] ?? "";
    return things.filter((thing) => thing.label === `${number}${next}`).concat(things.filter((thing) => thing.label === String(number))).slice(0, 1);
  }
  return null;
}

function actsOf(said, { words, targets, needles, last }) {
  const kind = kindOf(said, words);
  if (!kind) return { ask: "nothing", said };
  const side = sideOf(said, words);
  let meant = targets.filter((target) => called(said, target));
  if (side && meant.length) meant = meant.filter((target) => target.side === side);
  if (kind === "insertion") {
    const numbered = labelled(said, words, targets);
    const found = numbered ?? meant.filter((target) => target.offered);
    if (found.length === 1) return { acts: [{ kind, target: found[0].id }] };
    if (found.length > 1) return { ask: new Set(found.map((target) => target.side)).size > 1 ? "side" : "which", said };
    return { ask: "which", said };
  }
  const numbered = labelled(said, words, needles);
  const named = meant.length ? needles.filter((needle) => meant.some((target) => target.id === needle.target)) : null;
  let found = numbered ?? named;
  // Nothing was named: the needle that was touched last, or the only one.
  if (!found) found = needles.filter((needle) => needle.id === last);
  if (!found.length && !numbered && !named && needles.length === 1) found = needles;
  if (found.length > 1) {
    const sides = new Set(found.map((needle) => targets.find((target) => target.id === needle.target)?.side));
    return { ask: sides.size > 1 ? "side" : "which", said };
  }
  if (!found.length) return { ask: numbered || named ? "not-in" : "which", said };
  return { acts: Array.from({ length: kind === "twitch" ? twitchesIn(said, words) : 1 }, () => ({ kind, needle: found[0].id })) };
}

// "needle three two twitches" is two: a number that names a needle counts nothing.
function twitchesIn(said, words) {
  const marks = phrases(words, "number");
  const list = said.split(" ");
  const numbers = list.map((word, place) => (marks.includes(list[place - 1]) ? null : numberOf(word, words))).filter((number) => number !== null);
  return Math.min(MOST_TWITCHES, Math.max(1, numbers.at(-1) ?? 1));
}

// "No pain", "don't take it out": what did not happen is no act. "No. 3" is a number.
function denied(said, words) {
  const told = ` ${said} `.replace(/ no (?=\d)/g, " ");
  return phrases(words, "not").some((phrase) => told.includes(` ${phrase} `));
}

export function understand(text, about) {
  const said = plain(text);
  if (!said || denied(said, about.words)) return { ask: "nothing", said: text };
  const acts = [];
  let { last, needles } = about;
  for (const part of sentences(said, about.words)) {
    const answer = actsOf(part, { ...about, needles, last });
    if (answer.ask) return { ask: answer.ask, said: text }; // all of a sentence, or none
    acts.push(...answer.acts);
    const { needle, target } = answer.acts.at(-1);
    last = needle ?? NEW;
    // What follows in the same breath is about the needle that has just gone in.
    if (target) needles = [...needles.filter((other) => other.id !== NEW), { id: NEW, label: "", target }];
  }
  return { acts };
}
