// A number that a script changes, and the word beside it: "1 needle in", "3 needles in". Both words
// come with the page, in its language: <b>1</b><span data-one="needle in" data-many="needles in">.

export function showCount(place, count) {
  place.textContent = String(count);
  const word = place.nextElementSibling;
  if (word?.dataset.one) word.textContent = count === 1 ? word.dataset.one : word.dataset.many;
}
