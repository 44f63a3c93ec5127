// A part of the strategy is dragged by its handle, with mouse, pen or finger; the buttons and the choice beside
// it do the same without. Letting go sends the form of its row, with what it goes under and which one it is there.

const list = document.querySelector(".ordering");
const LEVELS = ["pillar", "goal", "measure"];
// So close to the upper or lower end of the window the page moves along.
const EDGE = 80;

let drag = null;

const rows = () => [...list.children];
const level = (row) => LEVELS.indexOf(row.dataset.kind);
const above = (row) => rows().find((one) => one.dataset.key === row.dataset.parent);

function withParts(row) {
  const behind = rows().slice(rows().indexOf(row) + 1);
  const end = behind.findIndex((one) => level(one) <= level(row));
  return [row, ...(end < 0 ? behind : behind.slice(0, end))];
}

function siblings(parent) {
  return rows().filter((one) => one.dataset.parent === parent && one !== drag.row);
}

// Where the dragged row goes when it is let go at this height, and at which row that is shown; null for nowhere.
function placeAt(y) {
  const over = rows().find((row) => y >= row.getBoundingClientRect().top && y < row.getBoundingClientRect().bottom);
  if (!over || withParts(drag.row).includes(over)) return null;
  if (level(over) === level(drag.row) - 1) {
    return { parent: over.dataset.key, number: 1, at: over, side: "drop-after" };
  }
  let beside = over;
  while (beside && level(beside) > level(drag.row)) beside = above(beside);
  if (!beside || level(beside) < level(drag.row) || beside === drag.row) return null;
  const box = over.getBoundingClientRect();
  const before = beside === over && y < box.top + box.height / 2;
  const number = siblings(beside.dataset.parent).indexOf(beside) + (before ? 1 : 2);
  const at = before ? beside : withParts(beside).at(-1);
  return { parent: beside.dataset.parent, number, at, side: before ? "drop-before" : "drop-after" };
}

function show() {
  for (const row of rows()) row.classList.remove("drop-before", "drop-after");
  drag.place = placeAt(drag.y);
  drag.place?.at.classList.add(drag.place.side);
}

function moveAlong() {
  if (!drag) return;
  if (drag.y < EDGE) scrollBy(0, -8);
  else if (drag.y > innerHeight - EDGE) scrollBy(0, 8);
  show();
  requestAnimationFrame(moveAlong);
}

function end() {
  const { row, place } = drag;
  drag = null;
  for (const one of rows()) one.classList.remove("dragged", "drop-before", "drop-after");
  return { row, place };
}

function send(row, place) {
  const form = row.querySelector(":scope > form");
  form.querySelector("select")?.toggleAttribute("disabled", true);
  for (const name of ["parent", "number"]) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value: place[name] });
    form.append(input);
  }
  form.requestSubmit();
}

for (const handle of list.querySelectorAll(".handle")) {
  handle.hidden = false;
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || drag) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    drag = { row: handle.closest("li"), y: event.clientY, place: null };
    for (const row of withParts(drag.row)) row.classList.add("dragged");
    requestAnimationFrame(moveAlong);
  });
  handle.addEventListener("pointermove", (event) => {
    if (drag) drag.y = event.clientY;
  });
  handle.addEventListener("pointerup", (event) => {
    if (!drag) return;
    drag.y = event.clientY;
    show();
    const { row, place } = end();
    if (place) send(row, place);
  });
  handle.addEventListener("pointercancel", () => drag && end());
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) end();
});
