// <form data-draft="key"> is kept on the server while it is filled in, and filled in again when its
// page is opened anew. What was typed before the draft came stands: the draft's text for that field
// is offered to be put back, and kept with the draft until the form is saved, so neither is lost.
// Who leaves the page within the quiet time has it sent as they leave; without a line it is tried again.

const PUT_BACK = "put-back:"; // before a field's name: its text that waits to be put back
const QUIET_MS = 700;
const AGAIN_MS = 5000;
const NEVER = new Set(["hidden", "file", "password"]);

const isChoice = (element) => element.type === "checkbox" || element.type === "radio";
const elementsOf = (form) => [...form.elements].filter((one) => one.name && !NEVER.has(one.type));
const named = (form, name) => elementsOf(form).filter((one) => one.name === name);

function valuesOf(elements) {
  return elements.filter((one) => !isChoice(one) || one.checked).map((one) => one.value);
}

const isSame = (some, others) => some.length === others.length && some.every((one, i) => one === others[i]);

// Whether somebody changed it since the page came. <body-chart> stands among the form's fields and
// knows no defaultValue; beside it a hidden field bears its name and holds the same drawing.
function isTouched(element) {
  if (isChoice(element)) return element.checked !== element.defaultChecked;
  if (element.options) {
    const given = [...element.options].find((one) => one.defaultSelected) ?? element.options[0];
    return element.value !== (given?.value ?? "");
  }
  return element.value !== (element.defaultValue ?? element.getAttribute("value") ?? "");
}

function put(elements, values) {
  elements.forEach((one, place) => {
    if (isChoice(one)) one.checked = values.includes(one.value);
    else if (values.length) one.value = values[Math.min(place, values.length - 1)];
  });
}

// Fills in what nobody has touched; gives what waits to be put back, by the fields' names.
export function restore(form, fields) {
  const waiting = new Map();
  let changed = false;
  for (const name of new Set(elementsOf(form).map((one) => one.name))) {
    const elements = named(form, name);
    const kept = fields[name] ?? [];
    const aside = fields[PUT_BACK + name];
    if (aside && !isSame(aside, kept)) waiting.set(name, aside);
    if (!(name in fields) && !elements.every(isChoice)) continue;
    if (isSame(valuesOf(elements), kept)) continue;
    if (!elements.some(isTouched)) {
      put(elements, kept);
      changed = true;
    } else if (kept.some((one) => one !== "")) waiting.set(name, kept);
  }
  return { changed, waiting };
}

function fieldsOf(form, waiting) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "csrfmiddlewaretoken" || name === "draft_key" || value instanceof File) continue;
    (fields[name] ??= []).push(value);
  }
  for (const [name, values] of waiting) fields[PUT_BACK + name] = values;
  return fields;
}

// What stands and what waits change places: tapped by mistake, a second tap undoes it.
export function putBack(form, waiting) {
  for (const [name, values] of waiting) {
    const elements = named(form, name);
    waiting.set(name, valuesOf(elements));
    put(elements, values);
  }
}

export class Draft {
  constructor(form, token) {
    this.form = form;
    this.waiting = new Map();
    this.address = `/drafts/${encodeURIComponent(form.dataset.draft)}/`;
    this.headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
    const key = document.createElement("input");
    Object.assign(key, { type: "hidden", name: "draft_key", value: form.dataset.draft });
    form.append(key);
  }

  async begin() {
    const { form } = this;
    // Only once it is known what was kept: what is typed meanwhile must not be written over it.
    const answer = await fetch(this.address, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 200 && !form.querySelector("[aria-invalid=true]")) this.came((await answer.json()).fields);
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", () => this.stop());
    // A tablet that puts a tab away may never tell that it ends it: whatever comes first.
    addEventListener("pagehide", () => this.now());
    document.addEventListener("visibilitychange", () => document.hidden && this.now());
    form.querySelector("[data-draft-discard]")?.addEventListener("click", () => this.discard());
    form.querySelector("[data-draft-back] button")?.addEventListener("click", () => this.back());
    if (elementsOf(form).some(isTouched)) this.later();
  }

  came(fields) {
    const { changed, waiting } = restore(this.form, fields);
    this.waiting = waiting;
    if (changed) this.told("[data-draft-note]");
    if (waiting.size) this.show("[data-draft-back]");
  }

  show(part) {
    const note = this.form.querySelector(part);
    if (note) note.hidden = false;
  }

  told(part) {
    this.show(part);
    this.form.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }));
  }

  back() {
    putBack(this.form, this.waiting);
    this.told("[data-draft-back]");
    this.later();
  }

  later(ms = QUIET_MS) {
    this.stop();
    this.timer = setTimeout(() => this.now(), ms);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  async now() {
    if (!this.timer || this.form.dataset.sent) return;
    this.stop();
    const body = JSON.stringify(fieldsOf(this.form, this.waiting));
    const sent = fetch(this.address, { method: "PUT", headers: this.headers, body, keepalive: true });
    const answer = await sent.catch(() => null);
    // What was typed since waits already, and goes with all the rest.
    if ((!answer || answer.status >= 500) && !this.timer) this.later(AGAIN_MS);
  }

  async discard() {
    this.stop();
    await fetch(this.address, { method: "DELETE", headers: this.headers });
    location.reload();
  }
}
