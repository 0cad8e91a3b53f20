// The queue of a tablet: acts in the order in which they were tapped, until the server has each.
//
//   waiting ──▶ stored ──▶ forgotten, once the page shows them from the server
//      │  ▲
//      ▼  │ try again
//   refused ──▶ dismissed, or written beside the record as an amendment
//
// A dead line (no answer, 5xx) holds everything: the order is kept. A refusal (4xx with a reason)
// holds only what rests on the refused act, such as the removal of a needle that was not recorded.
// A start that was made without a line is an act, too: everything after it rests on it. That somebody
// wants to sign is no act but a wish: it stays here until they sign, and is never sent.
//
// Every act has an id of its own, so that one sent twice, by two tabs or after a lost answer, is one.

const PAUSES_MS = [400, 1000, 2000, 4000, 8000];
const LOCK_MS = 15_000;
const BREAKS = 3; // answers 500 to one act, with the line up, after which it stands aside

// What the record says already needs nobody's decision: two tablets took the same needle out.
const SAYS_SO_ALREADY = { "removal": "needle-already-out", "void": "void-again" };

async function alone(name, work) {
  if (!globalThis.navigator?.locks) return work();
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(LOCK_MS) }, work);
  } catch (error) {
    // A tab that never lets go must not hold a needle's removal: the ids make double sending harmless.
    if (error?.name === "TimeoutError" || error?.name === "AbortError") return work();
    throw error;
  }
}

export class Queue {
  // post(act) → { kind: "stored" | "refused" | "offline" | "broken" | "signedOut" | "notAllowed" | "locked", ... };
  // probe() → whether the line is up; tell() is called when something is to be shown anew.
  constructor({ treatment, former = "", member, store, post, probe, tell = () => {}, settled = () => {}, pauses = PAUSES_MS }) {
    Object.assign(this, { treatment, former, member, store, post, probe, tell, settled, pauses });
    this.rows = [];
    this.strangers = [];
    this.shut = [];
    this.adding = [];
    this.looks = 0; // how often the disk was looked at
    this.laid = new Map(); // act → the look during which it was laid on the disk
    this.breaks = new Map(); // act → how often the server broke on it
    this.failures = 0;
    this.trouble = "";
    this.sending = null;
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel(`filiform-acts-${treatment}`) : null;
    if (this.channel) this.channel.onmessage = () => this.load().then(() => this.tell());
  }

  // --- what there is ------------------------------------------------------------------------------
  get waiting() { const held = this.held(); return this.rows.filter((row) => row.state === "waiting" && !held.has(row.act_id)); }

  get refused() { return this.rows.filter((row) => row.state === "refused"); }

  get stored() { return this.rows.filter((row) => row.state === "stored"); }

  get open() { return this.rows.filter((row) => row.state !== "stored" && row.state !== "wish"); }

  get wish() { return this.rows.find((row) => row.state === "wish"); }

  // Acts that rest on a refused one, in their order: they can't be recorded before it is.
  after(refused) {
    if (refused.act.kind === "start") return this.rows.filter((row) => row.state === "waiting");
    const on = new Set([refused.act_id]);
    return this.rows.filter((row) => {
      if (row.state !== "waiting" || !(on.has(row.act.needle) || on.has(row.act.replaces))) return false;
      on.add(row.act_id);
      return true;
    });
  }

  held() { return new Set(this.refused.flatMap((row) => this.after(row)).map((row) => row.act_id)); }

  // --- coming and going ---------------------------------------------------------------------------
  async load() {
    const look = this.looks += 1;
    // former: under what a release before kept the acts of this visit.
    const both = await Promise.all([this.treatment, this.former].filter(Boolean).map((name) => this.store.all(name)));
    const all = both.flat().sort((one, other) => one.n - other.n);
    this.shut = all.filter((row) => row.shut);
    const found = all.filter((row) => !row.shut);
    const known = new Set(found.map((row) => row.act_id));
    // A tap that was laid down while this look was under way may be missing from what it saw.
    const since = this.rows.filter((row) => !known.has(row.act_id) && (this.adding.includes(row) || this.laid.get(row.act_id) >= look));
    this.rows = [...found.filter((row) => row.member === this.member), ...since];
    this.strangers = found.filter((row) => row.member !== this.member && (row.state === "waiting" || row.state === "refused"));
  }

  // where: the muscle in words, to name the act by without asking anybody.
  async add(act, where = "") {
    const row = { act_id: act.act_id, treatment: this.treatment, member: this.member, act, where, state: "waiting" };
    this.rows.push(row);
    this.adding.push(row);
    this.tell();
    try {
      row.n = await this.store.add({ ...row });
      this.adding = this.adding.filter((other) => other !== row);
      this.laid.set(row.act_id, this.looks);
      this.channel?.postMessage("changed");
    } catch { /* a full disk: the act lives in this page only, which warns before it is closed */ }
    return this.send();
  }

  // That somebody wants to sign, kept over a reload; once is enough.
  async wants(act) {
    if (this.wish) return;
    const row = { act_id: act.act_id, treatment: this.treatment, member: this.member, act, where: "", state: "wish" };
    this.rows.push(row);
    this.adding.push(row);
    row.n = await this.store.add({ ...row });
    this.adding = this.adding.filter((other) => other !== row);
    this.laid.set(row.act_id, this.looks);
    this.channel?.postMessage("changed");
    this.tell();
  }

  async change(row, fields) {
    Object.assign(row, fields);
    if (row.n !== undefined) await this.store.put({ ...row });
    this.channel?.postMessage("changed");
  }

  async drop(rows) {
    const gone = new Set(rows.map((row) => row.act_id));
    await this.store.drop(rows.map((row) => row.n).filter((n) => n !== undefined));
    this.adding = this.adding.filter((row) => !gone.has(row.act_id));
    this.rows = this.rows.filter((row) => !gone.has(row.act_id));
    this.channel?.postMessage("changed");
    this.tell();
  }

  // The page shows these from the server now.
  forget(ids) { return ids.length ? this.drop(this.stored.filter((row) => ids.includes(row.act_id))) : undefined; }

  // --- sending ------------------------------------------------------------------------------------
  send() {
    clearTimeout(this.timer);
    this.sending ??= alone(`filiform-acts-${this.treatment}-${this.member}`, () => this.drain()).finally(() => {
      this.sending = null;
      this.tell();
      if (this.waiting.length && !this.trouble) this.send(); // tapped while the lock was being given back
    });
    return this.sending;
  }

  async drain() {
    await this.load(); // another tab may have sent some meanwhile
    // Acts whose key can't be had now come before what is tapped later: the order is kept.
    if (this.shut.some((row) => row.shut === "no-key" && row.member === this.member)) { this.later("offline"); return; }
    for (let row = this.waiting[0]; row; row = this.waiting[0]) {
      const outcome = await this.post(row.act);
      if (!(await this.take(row, outcome))) { this.later(outcome.kind); return; }
      this.trouble = "";
      this.failures = 0;
      this.tell();
    }
    this.settled();
  }

  // Whether the next act's turn has come.
  async take(row, outcome) {
    if (outcome.kind === "stored") { await this.change(row, { state: "stored" }); return true; }
    if (outcome.kind === "refused") {
      const already = outcome.reasons.length && outcome.reasons.every((reason) => reason.id === SAYS_SO_ALREADY[row.act.kind]);
      await this.change(row, already ? { state: "stored" } : { state: "refused", refusal: outcome.reasons });
      return true;
    }
    if (outcome.kind !== "broken" || outcome.status !== 500) return false;
    // The server breaks on this very act while it answers everything else: a defect of ours, which
    // must not keep the removals behind it from the record. It is kept here, and shown.
    const breaks = (this.breaks.get(row.act_id) ?? 0) + 1;
    this.breaks.set(row.act_id, breaks);
    if (breaks < BREAKS || !(await this.probe())) return false;
    this.breaks.delete(row.act_id);
    await this.change(row, { state: "refused", refusal: [{ id: "broke" }] });
    return true;
  }

  later(trouble) {
    this.trouble = trouble;
    this.failures += 1;
    this.tell();
    this.timer = setTimeout(() => this.send(), this.pauses[Math.min(this.failures, this.pauses.length) - 1]);
  }

  // --- what a person decides about a refused act ----------------------------------------------------
  async again(row) {
    await this.change(row, { state: "waiting", refusal: undefined });
    this.tell();
    return this.send();
  }

  // A person has read why, and says that it happened all the same.
  anyway(row) { return this.change(row, { act: { ...row.act, anyway: "yes" } }).then(() => this.again(row)); }

  // With what rests on it: none of it will stand in the record.
  dismiss(row) { return this.drop([row, ...this.after(row)]); }

  // Acts that somebody else tapped on this tablet and can't send: who sends them is recorded as
  // their recorder, beside who tapped them.
  async adopt() {
    for (const row of this.strangers) {
      await this.change(row, { member: this.member, act: { ...row.act, tapped_by: row.act.tapped_by ?? row.member } });
    }
    return this.send();
  }

  close() { clearTimeout(this.timer); this.channel?.close(); this.channel = null; }
}
