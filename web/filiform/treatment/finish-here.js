// The end of a treatment without a line: the count is kept as an act, and that somebody wants to sign
// as a wish. Whether the count adds up can't wait for the line: the patient is still here. So it is
// compared with the taps of this page at once; the clinic's computer decides when it has everything.

import { announce } from "../filiform.js";

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
const clockOf = (moment) => new Date(moment).toTimeString().slice(0, 5);

// Needles that the page shows as used: those that came out and those that are in.
const usedOn = (root) => root.querySelectorAll(".out-needles li, .needle").length;

// With a line an act is open for a moment only: a count offered meanwhile would be swept away, with
// what was entered, by the server's own.
const STUCK_MS = 5000;
const isStuck = (queue) => queue.open.some((row) => Date.now() - Date.parse(row.act.at) > STUCK_MS);

export class FinishHere {
  // words: of the page; line; queue; wants(): when "Sign when the connection is back" is tapped
  constructor({ room, words, line, queue, wants }) {
    Object.assign(this, { room, words, line, queue });
    room.addEventListener("click", (event) => { if (event.target.closest("[data-wish]")) wants(); });
  }

  // Shown when no needle is in, something was used, and the server can't show its own.
  show() {
    const { room, line, queue } = this;
    const inside = Number(room.querySelector("[data-needles-in]")?.textContent ?? 0);
    const alone = !line.up || isStuck(queue);
    const here = room.querySelector(".finish-here");
    const due = alone && inside === 0 && usedOn(room) > 0 && !room.querySelector(".finish:not(.finish-here)");
    if (here && !due) here.remove();
    if (!here && due) {
      const template = document.getElementById("finish-template");
      if (template) room.querySelector(".targets")?.after(template.content.cloneNode(true));
    }
    this.say();
  }

  say() {
    const { room, words, queue } = this;
    const count = queue.rows.filter((row) => row.act.kind === "count" && row.state !== "stored").at(-1);
    const counted = room.querySelector(".finish-here [data-counted]");
    if (counted && count) {
      const { opened, in_bin, unused = "0", broken = "0" } = count.act;
      const used = usedOn(room);
      const addsUp = Number(opened) === used + Number(unused) && in_bin === opened && Number(broken) === 0;
      counted.classList.toggle("danger", !addsUp);
      const text = fill(addsUp ? words.counted : words.miscounted, { time: clockOf(count.act.at), opened, in_bin, unused, used });
      if (counted.textContent !== text) { counted.textContent = text; announce(text); }
      counted.hidden = false;
    }
    const wished = room.querySelector(".finish-here [data-wished]");
    if (wished && queue.wish) { wished.textContent = fill(words.wishKept, { time: clockOf(queue.wish.act.at) }); wished.hidden = false; }
  }
}
