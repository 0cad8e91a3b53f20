// <work-list> round the list of checks: arrow keys go from row to row, Home and End to its ends.
// Without script the rows are links in their order, and Tab does the same.

class WorkList extends HTMLElement {
  connectedCallback() {
    this.move = (event) => this.onKey(event);
    this.addEventListener("keydown", this.move);
    this.first = (event) => this.enter(event);
    document.addEventListener("keydown", this.first);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this.move);
    document.removeEventListener("keydown", this.first);
  }

  get rows() { return [...this.querySelectorAll(".open-check")]; }

  onKey(event) {
    const rows = this.rows;
    const here = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
    const goal = {
      ArrowDown: Math.min(here + 1, rows.length - 1),
      ArrowUp: Math.max(here - 1, 0),
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    rows[goal]?.focus();
  }

  // The first arrow down from anywhere that does not need it steps into the list.
  enter(event) {
    if (event.key !== "ArrowDown" || event.defaultPrevented || document.activeElement !== document.body) return;
    event.preventDefault();
    this.rows[0]?.focus();
  }
}
customElements.define("work-list", WorkList);
