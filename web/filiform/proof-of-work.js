// <proof-of-work challenge bits>: inside a form, looks for a number with which the SHA-256 of
// "challenge:number" begins with so many zero bits, puts it into the field work_answer, and holds
// the form back until it is found. With `sends` the form goes by itself then.
//
// Many small sums are given out at once, because each comes back by a promise; between them the
// page stays alive.

const AT_ONCE = 256;

/** How many zero bits a digest begins with. */
export function zeroBits(digest) {
  const bytes = new Uint8Array(digest);
  let bits = 0;
  for (const byte of bytes) {
    if (byte === 0) { bits += 8; continue; }
    return bits + Math.clz32(byte) - 24;
  }
  return bits;
}

/** The first number that does; undefined when `signal` says stop. */
export async function solve(challenge, bits, signal) {
  const encoder = new TextEncoder();
  for (let start = 0; !signal?.aborted; start += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, place) => start + place);
    const digests = await Promise.all(numbers.map((number) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge}:${number}`))));
    const found = digests.findIndex((digest) => zeroBits(digest) >= bits);
    if (found >= 0) return start + found;
    await new Promise((resolve) => { setTimeout(resolve); });
  }
  return undefined;
}

export class ProofOfWork extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    const form = this.closest("form");
    const field = this.querySelector("[name=work_answer]");
    // Web Crypto is there over HTTPS and on this machine; elsewhere waiting counts instead.
    if (!form || !field || !globalThis.crypto?.subtle) return;
    this.classList.add("working");
    let wants = false;
    let button;
    form.addEventListener("submit", (event) => {
      if (field.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      wants = true;
      button = event.submitter;
      button?.classList.add("busy");
    }, { signal, capture: true });
    solve(this.getAttribute("challenge"), Number(this.getAttribute("bits")), signal).then((number) => {
      if (number === undefined) return;
      field.value = String(number);
      this.classList.replace("working", "done");
      if (wants || this.hasAttribute("sends")) form.requestSubmit(button);
    });
  }

  disconnectedCallback() { this.stop.abort(); }
}
customElements.define("proof-of-work", ProofOfWork);
