// The rail of a visit: on a narrow screen the current step is brought into sight.
const rail = document.querySelector(".rail");
const current = rail?.querySelector('[aria-current="step"]')?.parentElement;
if (rail && current && rail.scrollWidth > rail.clientWidth) {
  const middle = current.getBoundingClientRect().left + current.offsetWidth / 2;
  const frame = rail.getBoundingClientRect();
  rail.scrollBy({ left: middle - (frame.left + frame.width / 2), behavior: "instant" });
}
