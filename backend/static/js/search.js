// The search dialog: Ctrl-K opens it, and "/" for whoever keeps single-key shortcuts on, but never while
// somebody is typing (WCAG 2.1.4). Arrows walk from the field through the results; Enter follows a link or
// shows the page; Escape is the dialog's own, which also gives focus back to where it was.

const dialog = document.getElementById("search-dialog");
const field = dialog.querySelector("input");

function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

function asked(event) {
  if (event.isComposing || event.altKey) return false;
  const command = event.ctrlKey || event.metaKey;
  if (event.key.toLowerCase() === "k" && command && !event.shiftKey) return true;
  return event.key === "/" && !command && "singleKey" in dialog.dataset && !typing(event.target);
}

document.addEventListener("keydown", (event) => {
  if (!asked(event) || dialog.open || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  dialog.showModal();
  field.select();
});

dialog.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const stops = [field, ...dialog.querySelectorAll("[data-hit]")];
  const next = stops.indexOf(document.activeElement) + step;
  stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
});

// A press beside the dialog is one on its backdrop.
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
