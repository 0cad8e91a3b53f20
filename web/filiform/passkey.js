// <pass-key>: a button that asks the device for a passkey, or makes one, and sends the answer.
//
//   options   address that gives what to ask the device for
//   send      address that takes the device's answer
//   kind      "create" makes a passkey; anything else asks for one
//   stay      the page isn't left afterwards: "passkey-done" tells with the server's answer
//   says-no   sentence for a device that gave none
//
// The button and a place for errors, [data-error], stand inside; a field [name=name] goes along.

import { csrfToken } from "./filiform.js";

const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const toBytes = (text) => Uint8Array.from(
  atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/** What the server says in base64url, as the browser wants it in bytes. */
export function readOptions(given) {
  const read = { ...given, challenge: toBytes(given.challenge) };
  if (given.user) read.user = { ...given.user, id: toBytes(given.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (given[list]) read[list] = given[list].map((one) => ({ ...one, id: toBytes(one.id) }));
  }
  return read;
}

/** The device's answer, with its bytes in base64url. */
export function writeAnswer(credential) {
  const { response } = credential;
  const written = { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: {} };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) written.response[part] = toText(response[part]);
  }
  if (response.getTransports) written.response.transports = response.getTransports();
  return written;
}

export class PassKey extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const possible = Boolean(globalThis.PublicKeyCredential);
    this.hidden = !possible;
    this.querySelector("button")?.addEventListener("click", () => this.ask(), { signal: this.stop.signal });
  }

  disconnectedCallback() { this.stop.abort(); }

  async ask() {
    this.say("");
    const button = this.querySelector("button");
    button.classList.add("busy");
    try {
      const options = readOptions(await this.post(this.getAttribute("options"), {}));
      const create = this.getAttribute("kind") === "create";
      const credential = await navigator.credentials[create ? "create" : "get"]({ publicKey: options });
      const name = this.querySelector("[name=name]")?.value ?? "";
      const next = this.getAttribute("next") ?? "";
      const said = await this.post(this.getAttribute("send"),
        { answer: JSON.stringify(writeAnswer(credential)), name, next });
      if (this.hasAttribute("stay")) this.dispatchEvent(new CustomEvent("passkey-done", { bubbles: true, detail: said }));
      else location.assign(said.location);
    } catch (error) {
      // The device says only that it gave none: out of time, refused, no such passkey.
      this.say(error.told ?? this.getAttribute("says-no"));
    } finally {
      button.classList.remove("busy");
    }
  }

  async post(address, fields) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.querySelector("[name=csrfmiddlewaretoken]")?.value ?? csrfToken());
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error("refused"), { told: said.error });
    return said;
  }

  say(text) {
    const place = this.querySelector("[data-error]");
    if (place) { place.textContent = text; place.hidden = !text; }
  }
}
customElements.define("pass-key", PassKey);
