import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { NEW, understand } from "../filiform/treatment/spoken.js";

// The words as the page gets them: the TOML of the clinic, read by the machine's own Python.
const FILE = new URL("../../src/filiform/clinic/treatment/data/spoken.toml", import.meta.url).pathname;
const READ = "import json,sys,tomllib;print(json.dumps(tomllib.load(open(sys.argv[1],'rb'))))";
const words = JSON.parse(execFileSync("python3", ["-c", READ, FILE], { encoding: "utf8" }));

const target = (id, label, side, ...names) => ({ id, label, side, names, offered: true });
const targets = [
  target("inf-r", "1", "right", "Infraspinatus, right", "انفراسپائنیٹس، دائیں"),
  target("inf-l", "2", "left", "Infraspinatus, left", "انفراسپائنیٹس، بائیں"),
  target("sup-r", "3", "right", "Supraspinatus, right"),
  target("glu-l", "4", "left", "Gluteus medius, left"),
];
const needles = [{ id: "n3", label: "3", target: "sup-r" }, { id: "n4", label: "4", target: "glu-l" }];
const hear = (text, more = {}) => understand(text, { words, targets, needles, last: "n4", ...more });

const ACTS = [
  ["infraspinatus right in", ["insertion inf-r"]],
  ["Right infraspinatus, needle in.", ["insertion inf-r"]],
  ["needle one in", ["insertion inf-r"]],
  ["number 2 is in", ["insertion inf-l"]],
  ["three twitches", ["twitch n4", "twitch n4", "twitch n4"]],
  ["twitch", ["twitch n4"]],
  ["supraspinatus two twitches", ["twitch n3", "twitch n3"]],
  ["needle three two twitches", ["twitch n3", "twitch n3"]],
  ["needle 3 twitch", ["twitch n3"]],
  ["known pain", ["pain-reproduced n4"]],
  ["out", ["removal n4"]],
  ["supraspinatus out", ["removal n3"]],
  ["needle three out", ["removal n3"]],
  ["supraspinatus out and gluteus medius out", ["removal n3", "removal n4"]],
  ["infraspinatus left in and three twitches", ["insertion inf-l", `twitch ${NEW}`, `twitch ${NEW}`, `twitch ${NEW}`]],
  ["انفراسپائنیٹس دائیں اندر", ["insertion inf-r"]],
  ["تین ٹویچ", ["twitch n4", "twitch n4", "twitch n4"]],
  ["سوئی ۳ باہر", ["removal n3"]],
  ["وہی درد", ["pain-reproduced n4"]],
  ["Supraspinatus باہر", ["removal n3"]],
  ["انفراسپائنیٹس بائیں سوئی اندر اور دو ٹوئچ", ["insertion inf-l", `twitch ${NEW}`, `twitch ${NEW}`]],
  ["سوئی نمبر ایک اندر", ["insertion inf-r"]],
  ["سوئی چار آؤٹ", ["removal n4"]],
  ["Infraspinatus لیفٹ اِن", ["insertion inf-l"]],
  ["جھٹکا", ["twitch n4"]],
  ["سوئی ۳ جانا پہچانا درد", ["pain-reproduced n3"]],
  ["سوئی ۳ باہر پھر سوئی ۴ باہر", ["removal n3", "removal n4"]],
];
test("what is said becomes the acts of a tap", () => {
  for (const [said, expected] of ACTS) {
    const answer = hear(said);
    assert.deepEqual(answer.acts?.map((act) => `${act.kind} ${act.needle ?? act.target}`), expected, `${said}: ${JSON.stringify(answer)}`);
  }
});

test("in doubt it asks, and records nothing", () => {
  for (const [said, ask, more] of [
    ["", "nothing"], ["how are you today", "nothing"], ["in and out", "which"], ["in out", "nothing"],
    ["in", "which"], ["infraspinatus in", "side"], ["needle nine out", "not-in"], ["infraspinatus out", "not-in"],
    ["out", "which", { last: "" }], ["supraspinatus out and infraspinatus out", "not-in"],
    ["biceps in", "which"], ["no pain", "nothing"], ["don't take it out", "nothing"], ["no twitch", "nothing"],
    ["needle three is not out", "nothing"], ["درد نہیں", "nothing"], ["سوئی ۳ باہر نہیں", "nothing"], ["مت نکالی", "nothing"],
    ["اندر باہر", "nothing"], ["انفراسپائنیٹس اندر", "side"], ["سوئی نو باہر", "not-in"],
  ]) {
    const answer = hear(said, more);
    assert.equal(answer.ask, ask, `${said}: ${JSON.stringify(answer)}`);
    assert.equal(answer.acts, undefined, said);
  }
});

test("the only needle that is in needs no name", () => {
  assert.deepEqual(hear("out", { last: "", needles: [needles[0]] }).acts, [{ kind: "removal", needle: "n3" }]);
});

test("of two needles in one muscle it asks which, unless one was touched last", () => {
  const two = [...needles, { id: "n3b", label: "3b", target: "sup-r" }];
  assert.equal(hear("supraspinatus out", { needles: two }).ask, "which");
  assert.deepEqual(hear("needle 3 b out", { needles: two }).acts, [{ kind: "removal", needle: "n3b" }]);
  assert.deepEqual(hear("out", { needles: two, last: "n3b" }).acts, [{ kind: "removal", needle: "n3b" }]);
});

test("a muscle that is not offered is not needled by voice", () => {
  const held = targets.map((one) => ({ ...one, offered: one.id !== "sup-r" }));
  assert.equal(hear("supraspinatus in", { targets: held }).ask, "which");
});
