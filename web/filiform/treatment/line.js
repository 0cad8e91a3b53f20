// The line to the clinic's computer: sends an act and says what became of it.
//
// Told apart are: stored; refused, with reasons (4xx); nobody there (no answer, a timeout, 502 to 504,
// an answer of somebody else's, such as a guest network's page); broken (other 5xx); signed out; locked.

const ANSWER_MS = 8000;
const OWN_ADDRESS = { start: "start", count: "count" };
const RETRIED = new Set([408, 425, 429, 502, 503, 504]);

export class Line {
  // addresses: { act, start, count, state, amend, signIn, page }; token: of this session's forms; member: whose page this is.
  // somebodyElse() is called when the session turns out to be another member's.
  constructor({ addresses, token, member, contact = Date.now(), heard = () => {}, somebodyElse = () => {} }) {
    Object.assign(this, { addresses, token, member, contact, heard, somebodyElse });
    this.up = true;
    this.isOut = false; // what the last look for a token said
  }

  async ask(address, options = {}) {
    let answer = null;
    try {
      answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_MS), ...options });
    } catch { /* nobody answered */ }
    const up = answer !== null && (answer.type === "opaqueredirect" || answer.status < 500);
    if (up) this.contact = Date.now();
    if (up !== this.up) { this.up = up; this.heard(); }
    return answer;
  }

  send(address, fields) {
    return this.ask(address, {
      method: "POST", body: new URLSearchParams(fields),
      headers: { "X-CSRFToken": this.token, "X-Treatment-Page": "yes", Accept: "application/json" },
    });
  }

  // The moving part of the page; version: what is shown, to be answered 304 when nothing moved.
  look(version = "") {
    const headers = { "X-Treatment-Page": "yes", "X-Treatment-Version": version, "X-Unattended": "yes", Accept: "text/html+fragment" };
    return this.ask(this.addresses.state, { headers });
  }

  async probe() { const answer = await this.look("probe"); return answer?.status === 200; }

  // --- one act ------------------------------------------------------------------------------------
  // A start and a count have addresses of their own.
  async post(act) { return this.deliver(this.addresses[OWN_ADDRESS[act.kind] ?? "act"], { ...act, sent_at: new Date().toISOString() }, act.act_id); }

  amend(id, text) { return this.deliver(this.addresses.amend, { amendment_id: id, text }, id); }

  async deliver(address, fields, id, retried = false) {
    const answer = await this.send(address, fields);
    if (answer?.status === 403 && !retried) {
      if (await this.renew()) return this.deliver(address, fields, id, true);
      // A browser that was killed came back without its cookies: the form is refused before anybody
      // asks who is there, and "you may not" would be wrong.
      if (this.isOut) return { kind: "signedOut" };
    }
    return outcomeOf(answer, id);
  }

  // Another tab signed in again: this page's token is of the session before. A treatment that waits
  // here to be begun has no state on the server yet; its page gives the token.
  async renew() {
    let answer = await this.look("renew");
    if (answer?.status === 404 && this.addresses.page) answer = await this.ask(this.addresses.page);
    this.isOut = answer?.type === "opaqueredirect" || answer?.status === 401;
    if (answer?.status !== 200) return false;
    return this.tokenFrom(await answer.text().catch(() => ""));
  }

  // A token of another member's session is not taken: acts never go out under a name that didn't tap
  // them. Every sign-in makes the token before it void, so the old one can't do so either.
  tokenFrom(html) {
    const { token, member } = new DOMParser().parseFromString(html, "text/html").getElementById("treatment")?.dataset ?? {};
    if (!token) return false;
    if (member !== this.member) { this.somebodyElse(); return false; }
    this.token = token;
    return true;
  }

  // --- signing in again, on the page -----------------------------------------------------------------
  // Answers "" when the session is back, else "wrong", "wait" (too many tries), "more" (a second step
  // that only the sign-in page can ask for) or "offline".
  async signIn(username, password) {
    const page = await this.ask(this.addresses.signIn);
    if (page === null || page.status >= 500) return "offline";
    if (page.status === 200) {
      const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
      const answer = await this.ask(this.addresses.signIn, {
        method: "POST", body: new URLSearchParams({ username, password, csrfmiddlewaretoken: token }), headers: { "X-CSRFToken": token },
      });
      if (answer === null || answer.status >= 500) return "offline";
      if (answer.status === 429) return "wait";
      if (answer.type !== "opaqueredirect" && answer.status !== 200) return "wrong";
    }
    return await this.renew() ? "" : "more";
  }
}

async function outcomeOf(answer, id) {
  if (answer === null) return { kind: "offline" };
  const { status } = answer;
  if (answer.type === "opaqueredirect" || status === 401) return { kind: "signedOut" };
  if (status === 403) return { kind: "notAllowed" };
  if (status === 423) return { kind: "locked" };
  if (RETRIED.has(status)) return { kind: "offline", status };
  if (status >= 500) return { kind: "broken", status };
  const said = await answer.json().catch(() => null);
  if (status === 200) return said?.stored === id ? { kind: "stored", warnings: said.warnings ?? [] } : { kind: "offline", status };
  if (status >= 400) return { kind: "refused", status, reasons: said?.refused ?? [{ id: "no-reason", text: "" }] };
  return { kind: "offline", status };
}
