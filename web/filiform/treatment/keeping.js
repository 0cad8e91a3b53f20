// Keeps the treatment page on this tablet for a reload without a line; only over HTTPS or on the
// machine itself, where browsers allow it. The worker keeps the page as it was opened; here its moving
// part is kept as it moves, so that a needle acknowledged since is not missing from it.

const PREFIX = "filiform-treatment-";
const WORKER = "/visits/worker.js";

export class Keeping {
  constructor({ member, path, part }) {
    Object.assign(this, { member, path, part });
    this.able = Boolean(member && globalThis.caches && navigator.serviceWorker);
  }

  store() { return caches.open(PREFIX + this.member); }

  // composed: when this page was made; one that passed the worker on its way is kept already.
  async begin(composed) {
    if (!this.able) return;
    const { active } = await navigator.serviceWorker.register(WORKER, { scope: "/visits/" }).then(() => navigator.serviceWorker.ready);
    const kept = await (await this.store()).match(this.path, { ignoreVary: true });
    if (kept && (await kept.text()).includes(composed)) return;
    const files = performance.getEntriesByType("resource").map((entry) => entry.name);
    active.postMessage({ keep: this.path, files });
  }

  async keepPart(html) {
    if (!this.able) return;
    try {
      const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": String(Date.now()) };
      await (await this.store()).put(this.part, new Response(html, { headers }));
    } catch { /* a full disk keeps no page; the acts are elsewhere */ }
  }

  async forget() {
    if (!this.able) return;
    const store = await this.store();
    for (const path of [this.path, this.part]) await store.delete(path);
  }

  // The newest part and its age in seconds, for a page that was itself kept.
  async lastPart() {
    if (!this.able) return null;
    const found = await (await this.store()).match(this.part).catch(() => null);
    if (!found) return null;
    return { html: await found.text(), ageS: Math.max(0, Math.round((Date.now() - Number(found.headers.get("X-Kept-At"))) / 1000)) };
  }
}
