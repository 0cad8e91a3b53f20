import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./dom.js";

const { Line } = await import("../filiform/treatment/line.js");

let answers;
let asked;
let strangers;
let line;
globalThis.fetch = async (address, options = {}) => {
  asked.push([options.method ?? "GET", address, options.headers?.["X-CSRFToken"] ?? ""]);
  const answer = answers.shift();
  if (answer instanceof Error) throw answer;
  return answer;
};
beforeEach(() => {
  answers = [];
  asked = [];
  strangers = 0;
  const addresses = { act: "/act/", state: "/state/", amend: "/amend/", signIn: "/sign-in/" };
  line = new Line({ addresses, token: "old", member: "sana", somebodyElse: () => { strangers += 1; } });
});
const act = { act_id: "a", kind: "insertion" };
const json = (status, data) => new Response(JSON.stringify(data), { status });
const redirect = () => ({ type: "opaqueredirect", status: 0 });
const state = (member, token = "new") => new Response(`<div id="treatment" data-member="${member}" data-token="${token}"></div>`);
const signInPage = () => new Response('<form><input name="csrfmiddlewaretoken" value="t"></form>');

test("each answer is told apart", async () => {
  const cases = [
    [json(200, { stored: "a" }), "stored"],
    [json(200, { stored: "b" }), "offline"],
    [new Response("<h1>Free Wi-Fi</h1>"), "offline"],
    [json(422, { refused: [{ id: "x", text: "no" }] }), "refused"],
    [new Response("not found", { status: 404 }), "refused"],
    [new Response("", { status: 429 }), "offline"],
    [new Response("", { status: 502 }), "offline"],
    [new Response("", { status: 503 }), "offline"],
    [new Response("", { status: 504 }), "offline"],
    [new Response("", { status: 500 }), "broken"],
    [new Response("", { status: 423 }), "locked"],
    [new Response("", { status: 401 }), "signedOut"],
    [redirect(), "signedOut"],
    [new TypeError("no network"), "offline"],
    [new DOMException("slow", "TimeoutError"), "offline"],
  ];
  for (const [answer, kind] of cases) {
    answers = [answer];
    assert.equal((await line.post(act)).kind, kind, `${answer.status ?? answer.name} is ${kind}`);
  }
});

test("a refusal brings its reasons, and one without says so", async () => {
  answers = [json(422, { refused: [{ id: "x", text: "no" }] }), new Response("gone", { status: 410 })];
  assert.deepEqual((await line.post(act)).reasons, [{ id: "x", text: "no" }]);
  assert.deepEqual((await line.post(act)).reasons, [{ id: "no-reason", text: "" }]);
});

test("the time of the last contact is that of the last answer, also of a refusal, not of a proxy's", async () => {
  line.contact = 0;
  answers = [new Response("", { status: 503 }), new TypeError("no network")];
  await line.post(act);
  await line.post(act);
  assert.equal(line.contact, 0);
  assert.equal(line.up, false);
  answers = [json(422, { refused: [] })];
  await line.post(act);
  assert.ok(line.contact > 0);
  assert.equal(line.up, true);
});

test("a token made void by signing in in another tab is renewed, and the act sent once more", async () => {
  answers = [new Response("", { status: 403 }), state("sana"), json(200, { stored: "a" })];
  assert.equal((await line.post(act)).kind, "stored");
  assert.deepEqual(asked, [["POST", "/act/", "old"], ["GET", "/state/", ""], ["POST", "/act/", "new"]]);
});

test("an act never goes out under the name of somebody who signed in after", async () => {
  answers = [new Response("", { status: 403 }), state("hamza")];
  assert.equal((await line.post(act)).kind, "notAllowed");
  assert.equal(strangers, 1);
  assert.equal(line.token, "old");
});

test("who may no longer record is told so, and asked no end of times", async () => {
  answers = [new Response("", { status: 403 }), state("sana"), new Response("", { status: 403 })];
  assert.equal((await line.post(act)).kind, "notAllowed");
});

test("a browser that came back without its cookies is signed out, not forbidden", async () => {
  answers = [new Response("", { status: 403 }), redirect()];
  assert.equal((await line.post(act)).kind, "signedOut");
});

test("before the treatment stands on the server, the page that waits for its start gives the token", async () => {
  line.addresses.page = "/ready/";
  answers = [new Response("", { status: 403 }), new Response("", { status: 404 }), state("sana"), json(200, { stored: "a" })];
  assert.equal((await line.post(act)).kind, "stored");
  assert.deepEqual(asked.map((one) => one[1]), ["/act/", "/state/", "/ready/", "/act/"]);
});

test("signing in on the page: right, wrong, too often, a second step, another person, no line", async () => {
  const cases = [
    [[signInPage(), redirect(), state("sana")], ""],
    [[redirect(), state("sana")], ""], // signed in already, in another tab
    [[signInPage(), new Response("", { status: 422 })], "wrong"],
    [[signInPage(), new Response("", { status: 429 })], "wait"],
    [[signInPage(), redirect(), redirect()], "more"],
    [[signInPage(), redirect(), state("hamza")], "more"],
    [[new TypeError("no network")], "offline"],
  ];
  for (const [given, outcome] of cases) {
    answers = given;
    assert.equal(await line.signIn("sana", "secret"), outcome);
  }
  assert.equal(strangers, 1);
});
