// Keeps the treatment page on this tablet for a reload without a line; only over HTTPS or on the
// machine itself, where browsers allow it. The worker keeps the page as it was opened; here its moving
// part is kept as it moves, so that a needle acknowledged since is not missing from it. Both lie sealed.

import "./sealing.js";

const sealing = globalThis.filiformSealing;
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
    if ((await this.opened(this.path))?.html.includes(composed)) return;
    const files = performance.getEntriesByType("resource").map((entry) => entry.name);
    active.postMessage({ keep: this.path, files });
  }

  // What lies here of the page is out of date: a visit that was taken along is "ready to needle" until a
  // start that was made without a line has arrived. Reloaded without a line, it has to show its needles.
  async keepAnew(path) {
    if (this.able) (await navigator.serviceWorker.ready).active.postMessage({ keep: path });
  }

  async keepPart(html) {
    if (!this.able) return;
    try {
      const sealed = await sealing.seal(this.member, this.part, new TextEncoder().encode(html));
      if (sealed) await (await this.store()).put(this.part, sealed);
    } catch { /* a full disk keeps no page; the acts are elsewhere */ }
  }

  async forget() {
    if (!this.able) return;
    const store = await this.store();
    for (const path of [this.path, this.part]) await store.delete(path);
  }

  // The newest part and its age in seconds, for a page that was itself kept.
  async lastPart() {
    const found = this.able ? await this.opened(this.part).catch(() => null) : null;
    return found ? { html: found.html, ageS: Math.max(0, Math.round((Date.now() - found.at) / 1000)) } : null;
  }

  async opened(path) {
    const lies = await (await this.store()).match(path, { ignoreVary: true });
    const found = lies ? await sealing.open(this.member, path, lies) : null;
    return found ? { html: new TextDecoder().decode(found.bytes), at: found.at } : null;
  }
}
