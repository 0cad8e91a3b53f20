// The treatment page.
//
// Every tap becomes an act with an id of its own. It is kept on the tablet (treatment/store.js) and
// sent in order (treatment/queue.js) until the server has acknowledged it; sending twice changes
// nothing. What waits is shown as not saved, never as saved; what was refused is shown beside its act
// (treatment/waiting.js). The page itself is kept for a reload without a line (treatment/keeping.js).

import { csrfToken } from "./filiform.js";
import { age } from "./treatment/needle-clock.js";
import { Awake } from "./treatment/awake.js";
import { Dwell } from "./treatment/dwell.js";
import { newId } from "./treatment/ids.js";
import { Keeping } from "./treatment/keeping.js";
import { FinishHere } from "./treatment/finish-here.js";
import { beginEmergency } from "./treatment/emergency.js";
import { Listening } from "./treatment/listening.js";
import { Line } from "./treatment/line.js";
import { beginPage, foresee, replay, swap, whereOf } from "./treatment/page.js";
import { Queue } from "./treatment/queue.js";
import { storeSoon } from "./treatment/store.js";
import { Waiting, askToSignIn } from "./treatment/waiting.js";

const LOOK_MS = 3000;
const HEARD_MS = 6000; // what was understood is shown for so long
const TREMBLE_MS = 450; // a second tap within this time on a button that puts a needle in or out
const KEPT = ["act_id", "kind", "at", "needle", "target", "replaces", "reason", "diameter_mm", "length_mm", "depth_mm", "reaction", "found",
  "measure", "value", "event", "event_kind", "step", "pulse", "pressure", "saturation", "consciousness", "called", "outcome", "grade",
  "followup_h", "lot", "packs", "opened", "unused", "in_bin", "broken"];

function askToUnlock() {
  document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: 423 } } }));
}

async function begin(room) {
  const { member, key: treatment, former, state, actAddress: act, start, count, amend, signIn, ready } = room.dataset;
  const words = JSON.parse(document.getElementById("treatment-words").textContent);
  const keptS = Number(room.dataset.keptFor) || 0;
  const shown = () => document.getElementById("treatment");
  const line = new Line({
    addresses: { act, start, count, state, amend, signIn, page: ready && location.pathname }, token: csrfToken(), member, contact: Date.now() - keptS * 1000,
    heard: () => { waiting?.show(); finish?.show(); }, somebodyElse: () => location.reload(),
  });
  const keeping = new Keeping({ member: room.dataset.keep ? member : "", path: location.pathname, part: state });
  const queue = new Queue({
    treatment, former, member, store: storeSoon(member), post: (one) => line.post(one), probe: () => line.probe(),
    tell: () => { waiting?.show(); finish?.show(); if (queue.trouble === "locked") askToUnlock(); if (queue.trouble === "signedOut") askOnce(); },
    settled: () => look({ anew: queue.refused.length > 0 }), // what was shown of a refused act is taken back
  });

  // --- signed out --------------------------------------------------------------------------------
  const openSignIn = askToSignIn(document.getElementById("sign-in-again"), async (username, password) => {
    const outcome = await line.signIn(username, password);
    if (!outcome) { asked = false; queue.trouble = ""; await queue.send(); look(); }
    return outcome;
  });
  let asked = false; // the dialog comes by itself once; after that the bar has a button for it
  const askOnce = () => { if (!asked) { asked = true; openSignIn(); } };

  const waiting = new Waiting({
    bar: document.getElementById("unsaved"), place: document.getElementById("refused"), words, queue, line,
    on: {
      again: (row) => queue.again(row),
      anyway: (row) => queue.anyway(row),
      dismiss: async (row) => { await queue.dismiss(row); look({ anew: true }); },
      amend: async (row, text) => {
        const outcome = await line.amend(row.act_id, text);
        if (outcome.kind === "stored") await queue.dismiss(row);
        else { queue.trouble = outcome.kind; queue.failures += 1; waiting.show(); queue.send(); }
      },
      signIn: openSignIn,
      adopt: () => queue.adopt(),
    },
  });

  // --- what is shown -------------------------------------------------------------------------------
  const take = async (html, agedS = 0) => {
    if (!agedS && !line.tokenFrom(html)) return; // no page, or somebody else's
    const packs = room.querySelector(".to-open");
    swap(html, agedS);
    // The packs made way and the body moved up: a finger that is still trembling means none of it.
    if (packs && !room.querySelector(".to-open") && shown().dataset.in === "0") quietUntil = performance.now() + TREMBLE_MS;
    listening.offer();
    awake.keep();
    replay(queue.rows);
    waiting.show();
    finish.show();
  };
  let looking = false;
  async function look({ anew = false } = {}) {
    if (looking || document.hidden || queue.waiting.length || document.querySelector("dialog[open]")) return;
    looking = true;
    try { await ask(anew); } finally { looking = false; }
  }
  async function ask(anew) {
    const included = queue.stored.map((row) => row.act_id);
    const answer = await line.look(anew || included.length ? "" : shown().dataset.version);
    if (answer?.status === 423) { askToUnlock(); return; }
    if (answer?.type === "opaqueredirect" || answer?.status === 401) { queue.trouble = "signedOut"; waiting.show(); askOnce(); return; }
    if (answer && answer.status < 400 && queue.trouble) { queue.trouble = ""; queue.failures = 0; }
    if (answer?.status !== 200) { waiting.show(); return; }
    const html = await answer.text();
    await keeping.keepPart(html); // before the queue forgets what is only in there
    if (/^<div id="treatment"[^>]* data-sealed/.test(html.trimStart())) { // nothing more to tap
      await keeping.forget();
      if (queue.wish) await queue.drop([queue.wish]);
    }
    if (ready && queue.stored.some((row) => row.act.kind === "start")) keeping.keepAnew(ready).catch(() => {});
    await queue.forget(included);
    if (!queue.waiting.length) await take(html);
  }

  // --- taps ------------------------------------------------------------------------------------------
  let newest = { needle: "", at: -TREMBLE_MS };
  const tap = (one) => {
    const where = whereOf(one);
    if (one.kind === "insertion") newest = { needle: one.act_id, at: performance.now() };
    foresee(one);
    queue.add(one, where);
    if (one.needle || one.kind === "insertion") listening.touched(one.needle ?? one.act_id);
    awake.keep();
    navigator.vibrate?.(20);
  };
  const tapNew = (kind, about) => {
    const act_id = newId();
    tap({ act_id, kind, at: new Date().toISOString(), ...about });
    return act_id;
  };
  const wants = () => queue.wants({ act_id: newId(), kind: "sign", at: new Date().toISOString() });
  const actFrom = (form, button) => {
    const one = { at: new Date().toISOString() };
    for (const [name, value] of new FormData(form)) if (KEPT.includes(name) && value !== "") one[name] = value;
    if (button?.name && KEPT.includes(button.name)) one[button.name] = button.value;
    one.act_id = newId();
    return one;
  };
  let last = { button: "", at: -TREMBLE_MS };
  let quietUntil = 0;
  // When the finger came down, not when a slow tablet got round to it: a trembling finger's second
  // tap may wait behind the first for longer than it trembles.
  let fingerAt = null;
  document.addEventListener("click", (event) => {
    fingerAt = event.timeStamp;
    setTimeout(() => { fingerAt = null; }); // a submit comes at once or is a script's
  }, { capture: true });
  const tappedOnce = (event, form) => {
    const about = form.elements.needle?.value ?? form.elements.target?.value ?? form.elements.lot?.value ?? "";
    const button = `${form.dataset.act}-${about}-${event.submitter?.value ?? ""}`;
    const now = fingerAt ?? performance.now();
    if (now < quietUntil) return false;
    // Where In was, the new needle's Out has come under the finger.
    if (about === newest.needle && now - newest.at < TREMBLE_MS) return false;
    if (form.dataset.act !== "twitch" && button === last.button && now - last.at < TREMBLE_MS) return false;
    last = { button, at: now };
    return true;
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-act]")) {
      event.preventDefault();
      if (tappedOnce(event, form)) tap(actFrom(form, event.submitter));
    } else if (form.matches("form[data-open-all]")) {
      event.preventDefault();
      for (const one of room.querySelectorAll(".pack-choices li:not(.taken) form")) tap(actFrom(one));
    } else if (form.matches("form[data-all-out]")) {
      event.preventDefault();
      for (const row of [...room.querySelectorAll(".needle")]) {
        if (!row.classList.contains("leaving")) tapNew("removal", { needle: row.dataset.needle });
      }
    } else if (/\/treat\/count\/$/.test(form.action) && (queue.open.length || !line.up)) {
      event.preventDefault(); // it waits behind the acts that it rests on
      tap({ ...actFrom(form), kind: "count" });
    } else if (/\/treat\/(response|sign)\/$/.test(form.action) && (queue.open.length || !line.up)) {
      // The signature rests on every act: none may be on its way, and it needs the line.
      event.preventDefault();
      if (/sign\/$/.test(form.action)) wants();
      waiting.insist(queue.open.length ? words.settleFirst : words.lineFirst);
      queue.send();
    }
  }, { capture: true });

  // "All out now": a link without script; with it the page stays over the moving part.
  document.addEventListener("click", (event) => {
    const stops = event.target.closest("#stop");
    if (!stops && !event.target.closest("[data-not-stopping]")) return;
    event.preventDefault();
    room.classList.toggle("stopping", Boolean(stops));
    room.classList.toggle("not-stopping", !stops);
    document.getElementById(stops ? "all-out" : "stop")?.focus();
  });

  const listening = new Listening({
    words: words.spoken, says: words.ask, tap: tapNew,
    show: (text) => {
      const place = document.getElementById("heard");
      place.hidden = false;
      place.textContent = text;
      clearTimeout(place.timer);
      place.timer = setTimeout(() => { place.hidden = true; }, HEARD_MS);
    },
  });
  room.addEventListener("click", (event) => { if (event.target.closest("#listen")) listening.toggle(); });
  const finish = new FinishHere({ room, words, line, queue, wants });
  const awake = new Awake(() => Number(document.querySelector("[data-needles-in]")?.textContent ?? 0) > 0);
  new Dwell(room).begin();
  beginPage(room, tapNew);
  beginEmergency(room);
  awake.begin();
  listening.offer();

  // --- begin -------------------------------------------------------------------------------------------
  if (keptS) {
    line.up = false; // that is why a kept page is shown
    const part = await keeping.lastPart();
    if (part) { line.contact = Date.now() - part.ageS * 1000; await take(part.html, part.ageS); } else if (!ready) age(shown(), keptS);
  }
  await queue.load();
  if (ready) {
    // The page as it is at its first moment: only a start that waits here, or was just taken, makes it true.
    const begun = queue.rows.find((row) => row.act.kind === "start");
    if (!begun) { location.replace(ready); return; }
    age(shown().querySelector(".total-time"), Math.max(0, Math.round((Date.now() - Date.parse(begun.act.at)) / 1000)));
  }
  replay(queue.rows);
  waiting.show();
  finish.show();
  queue.send().then(() => look());
  keeping.begin(room.dataset.composed).catch(() => {});
  setInterval(look, LOOK_MS);
  addEventListener("focus", () => look());
  document.addEventListener("visibilitychange", () => look());
  addEventListener("online", () => queue.send());
  addEventListener("beforeunload", (event) => { if (queue.adding.length || (queue.open.length && !queue.store.lasting)) event.preventDefault(); });
}

const room = document.getElementById("treatment-page");
if (room) begin(room);
