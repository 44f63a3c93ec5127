// Rows of a list to tick: says how many are, and offers to tick the whole page. Without this they are ticked
// one by one and the buttons do the same.

const boxes = () => [...document.querySelectorAll("input[name=pick]")];

function say() {
  const words = document.querySelector("#ticked");
  const all = document.querySelector("[data-tick-all]");
  if (!words) return;
  const ticked = boxes().filter((box) => box.checked).length;
  words.textContent = ticked ? words.dataset.some.replace("%n", ticked) : words.dataset.none;
  if (!all) return;
  all.hidden = false;
  all.checked = ticked > 0 && ticked === boxes().length;
  all.indeterminate = ticked > 0 && !all.checked;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  say();
});
document.addEventListener("htmx:afterSettle", say);
say();
