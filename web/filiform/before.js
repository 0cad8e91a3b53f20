// Before the first needle: the moment of every tap, and the rest in one. Who the patient is and
// whether anything changed are never part of it.
const form = document.querySelector("[data-before]");
if (form) {
  const stamp = (box) => {
    const name = `at-${box.name}`;
    form.querySelector(`input[name="${name}"]`)?.remove();
    if (!box.checked) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value: new Date().toISOString() });
    form.append(field);
  };
  form.addEventListener("change", (event) => { if (event.target.type === "checkbox") stamp(event.target); });
  const rest = form.querySelector("[data-rest]");
  rest.hidden = false;
  rest.addEventListener("click", () => {
    for (const box of form.querySelectorAll("input[type=checkbox]:not([data-alone])")) {
      if (!box.checked) { box.checked = true; stamp(box); }
    }
  });
}
