// <work-list> round a list of links: up and down (or k and j) go from row to row, Home and End to
// its ends; the first arrow down or j from anywhere that doesn't need it steps into the list. Without
// script the rows are links in their order, and Tab does the same.

const ROWS = "a.cover, .open-check";
const TYPED_IN = "input, textarea, select, [contenteditable]";

export class WorkList extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("keydown", (event) => this.go(event), { signal });
    document.addEventListener("keydown", (event) => this.enter(event), { signal });
  }

  disconnectedCallback() { this.stop.abort(); }

  get rows() { return [...this.querySelectorAll(ROWS)]; }

  go(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches(TYPED_IN)) return;
    const { rows } = this;
    const item = document.activeElement?.closest("li");
    const here = rows.findIndex((row) => row.closest("li") === item);
    const last = rows.length - 1;
    const down = Math.min(here + 1, last);
    const up = Math.max(here - 1, 0);
    const goal = { ArrowDown: down, j: down, ArrowUp: up, k: up, Home: 0, End: last }[event.key];
    if (goal === undefined || last < 0) return;
    event.preventDefault();
    rows[goal].focus();
  }

  enter(event) {
    if (!["ArrowDown", "j"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.defaultPrevented || document.activeElement !== document.body) return;
    const [first] = this.rows;
    if (!first) return;
    event.preventDefault();
    first.focus();
  }
}
customElements.define("work-list", WorkList);
