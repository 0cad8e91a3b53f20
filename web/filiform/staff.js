// A form that was held back by the lock goes on by itself; lists are walked with the arrow keys.

for (const form of document.querySelectorAll("form[data-sends-itself]")) form.requestSubmit();

// <work-list>: the arrow keys (or j and k) move between the rows' links, Enter opens one.
class WorkList extends HTMLElement {
  connectedCallback() { this.addEventListener("keydown", this); }

  disconnectedCallback() { this.removeEventListener("keydown", this); }

  handleEvent(event) {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("input, textarea, select")) return;
    const links = [...this.querySelectorAll("a.cover")];
    const row = document.activeElement.closest("li");
    const here = links.findIndex((link) => link.closest("li") === row);
    const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
    if (next) { event.preventDefault(); next.focus(); }
  }
}
customElements.define("work-list", WorkList);
