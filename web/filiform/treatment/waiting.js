// What the page says of the queue: what waits and why, and each refusal beside the act it is about.

import { announce } from "../filiform.js";
import { cardOf } from "./page.js";

const two = (value) => String(value).padStart(2, "0");
const clockOf = (moment, seconds = true) => {
  const time = new Date(moment);
  return [time.getHours(), time.getMinutes(), ...(seconds ? [time.getSeconds()] : [])].map(two).join(":");
};
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");

function make(name, text = "", className = "") {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (className) element.className = className;
  return element;
}
function put(element, text) { if (element.textContent !== text) element.textContent = text; } // read out once

export class Waiting {
  // words: of the page; queue; line; on: { again, anyway, dismiss, amend, signIn, adopt }
  constructor({ bar, place, words, queue, line, on }) {
    Object.assign(this, { bar, place, words, queue, line, on });
    this.panels = new Map();
    bar.querySelector("[data-sign-in-again]").addEventListener("click", () => on.signIn());
    bar.querySelector("[data-adopt]").addEventListener("click", () => on.adopt());
  }

  // "Needle in · Infraspinatus, right · 14:32:05"
  says(row) {
    return [this.words.kinds[row.act.kind] ?? row.act.kind, row.where, clockOf(row.act.at)].filter(Boolean).join(" · ");
  }

  sayAll(rows) { return rows.map((row) => this.says(row)).join(document.documentElement.lang === "ur" ? "؛ " : "; "); }

  show() {
    this.showBar();
    this.showRefused();
  }

  // --- the bar ------------------------------------------------------------------------------------
  why() {
    const { queue, words } = this;
    const here = ["signedOut", "notAllowed", "locked"].includes(queue.trouble) ? queue.trouble : "";
    if (here) return words[here];
    return queue.failures || !this.line.up ? words.noLine : "";
  }

  showBar() {
    const { bar, queue, words } = this;
    const { waiting, refused, strangers } = queue;
    const why = this.why();
    const parts = [why];
    // One or two are always on their way: while the line holds that is no news.
    if (waiting.length && (why || waiting.length > 2)) parts.push(fill(why ? words.waiting : words.sending, { count: waiting.length }));
    else if (why === words.noLine) parts.push(words.carryOn);
    if (why) parts.push(fill(words.contact, { time: clockOf(this.line.contact, false) }));
    if (refused.length) parts.push(fill(words.refused, { count: refused.length }));
    if (strangers.length) parts.push(fill(words.strangers, { what: this.sayAll(strangers) }));
    if (queue.shut.length) parts.push(fill(words.shut, { count: queue.shut.length }));
    if (queue.wish && !queue.open.length && this.line.up) parts.push(fill(words.wished, { time: clockOf(queue.wish.act.at, false) }));
    if (!queue.store.lasting && queue.open.length) parts.push(words.notLasting);
    const says = parts.filter(Boolean).join(" ");
    bar.hidden = !says;
    put(bar.querySelector("p"), says);
    bar.querySelector("[data-sign-in-again]").hidden = queue.trouble !== "signedOut";
    bar.querySelector("[data-adopt]").hidden = !strangers.length;
    const list = bar.querySelector("details");
    list.hidden = !(why && waiting.length);
    const rows = waiting.map((row) => this.says(row));
    const shown = [...list.querySelectorAll("li")].map((item) => item.textContent);
    if (rows.join() !== shown.join()) list.querySelector("ol").replaceChildren(...rows.map((row) => make("li", row)));
  }

  // Why a button did nothing, where the eye is: in the bar that stays on the screen.
  insist(text) {
    this.show();
    const says = this.bar.querySelector("p");
    says.textContent = `${text} ${says.textContent}`.trim();
    this.bar.hidden = false;
    this.bar.scrollIntoView({ block: "nearest" });
  }

  // --- refusals -----------------------------------------------------------------------------------
  showRefused() {
    const now = new Map(this.queue.refused.map((row) => [row.act_id, row]));
    for (const [id, panel] of this.panels) if (!now.has(id)) { panel.remove(); this.panels.delete(id); }
    for (const [id, row] of now) {
      const fresh = !this.panels.has(id);
      const panel = this.panels.get(id) ?? this.panelOf(row);
      this.panels.set(id, panel);
      this.fillPanel(panel, row);
      const place = cardOf(row.act) ?? this.place;
      if (panel.parentElement !== place) place.append(panel);
      if (fresh) { announce(panel.querySelector("[data-what]").textContent); panel.scrollIntoView({ block: "nearest" }); }
    }
  }

  panelOf(row) {
    const { words } = this;
    const panel = make("div", "", "notice danger refused-act stack-small");
    panel.dataset.refused = row.act_id;
    panel.setAttribute("role", "group");
    const what = make("p", "", "strong");
    what.dataset.what = "";
    what.id = `refused-${row.act_id}`;
    panel.setAttribute("aria-labelledby", what.id);
    const why = make("p");
    why.dataset.why = "";
    const after = make("p");
    after.dataset.after = "";
    const acts = make("div", "", "cluster");
    const loses = make("div", "", "stack-small");
    loses.dataset.loses = "";
    loses.hidden = true;
    const current = () => this.queue.rows.find((other) => other.act_id === row.act_id) ?? row;
    const button = (text, className, tap) => {
      const made = make("button", text, className);
      made.type = "button";
      made.addEventListener("click", tap);
      return made;
    };
    const ask = (asking) => { acts.hidden = asking; loses.hidden = !asking; (asking ? loses : acts).querySelector("button").focus(); };
    const amend = button(words.amend, "button big primary", () => this.on.amend(current(), this.amendment(current())));
    amend.dataset.amend = "";
    const anyway = button(words.anyway, "button big danger", () => this.on.anyway(current()));
    anyway.hidden = row.act.kind !== "start";
    acts.append(amend, anyway, button(words.again, "button big", () => this.on.again(current())), button(words.dismiss, "button big", () => ask(true)));
    const sure = make("div", "", "cluster");
    sure.append(button(words.keepIt, "button big", () => ask(false)), button(words.dismissSure, "button big danger", () => this.on.dismiss(current())));
    loses.append(make("p", "", "strong"), sure);
    panel.append(what, why, after, acts, loses);
    return panel;
  }

  fillPanel(panel, row) {
    const { words } = this;
    const after = this.queue.after(row);
    put(panel.querySelector("[data-what]"), fill(words.notRecorded, { what: this.says(row) }));
    put(panel.querySelector("[data-why]"), row.refusal.map((reason) => reason.text || words[reason.id] || words["no-reason"]).join(" "));
    put(panel.querySelector("[data-after]"), after.length ? fill(words.after, { what: this.sayAll(after) }) : "");
    panel.querySelector("[data-after]").hidden = !after.length;
    put(panel.querySelector("[data-loses] p"), fill(words.loses, { what: this.sayAll([row, ...after]) }));
    panel.querySelector("[data-amend]").hidden = !row.refusal.some((reason) => reason.id === "treatment-sealed");
  }

  amendment(row) { return fill(this.words.amendment, { what: this.sayAll([row, ...this.queue.after(row)]) }); }
}

// --- signing in again, without leaving the page --------------------------------------------------------
export function askToSignIn(dialog, signIn) {
  const form = dialog.querySelector("form");
  const error = dialog.querySelector("p[data-error]");
  const more = dialog.querySelector("p[data-more]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const { username, password } = form.elements;
    const outcome = await signIn(username.value, password.value);
    // Right or wrong, it isn't left lying in a page that stays open for hours.
    password.value = "";
    error.hidden = !outcome;
    more.hidden = outcome !== "more";
    error.textContent = outcome ? form.dataset[outcome] : "";
    if (outcome) password.focus(); else dialog.close();
  }, { capture: true });
  return () => { if (!dialog.open) { dialog.showModal(); form.elements.password.focus(); } };
}
