// "n" puts the cursor in the note, Ctrl+Enter keeps it as a note. The single key works only while nobody is
// typing and not for a user who switched such keys off: the field then does not name it. The field is looked
// up each time: keeping a note replaces it.

const field = () => document.querySelector(".note textarea");

function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  const named = field()?.getAttribute("aria-keyshortcuts").split(" ").includes("n");
  if (!named || event.key !== "n" || modified || typing(event.target)) return;
  event.preventDefault();
  field().focus();
});

document.addEventListener("keydown", (event) => {
  const keep = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (!keep || event.target !== field()) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector("button"));
});
