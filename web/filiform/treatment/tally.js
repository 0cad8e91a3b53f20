// Numbers of the count to be tapped: a keyboard takes half the screen and needs clean fingers. All
// numbers from nought stand there, so that none is proposed: the needles are looked at and counted.

const MOST = 13;

export function numberRows(root) {
  for (const field of root.querySelectorAll(".counts input[type=number]")) {
    if (field.closest(".stepper, dose-stepper") || field.nextElementSibling?.matches(".number-row")) continue;
    const row = document.createElement("div");
    row.className = "number-row";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? "");
    for (let number = 0; number <= MOST; number += 1) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button number";
      button.textContent = String(number);
      row.append(button);
    }
    const mark = () => {
      for (const button of row.children) button.setAttribute("aria-pressed", String(button.textContent === field.value));
    };
    row.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      field.value = button.textContent;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      mark();
    });
    field.addEventListener("input", mark);
    field.after(row);
    mark();
  }
}
