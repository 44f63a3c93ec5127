// What was typed before the page could listen counts as typed as soon as it does, so a list that narrows while
// somebody types does so on a slow line as well. The same holds for what a browser puts back on reloading.
// Only fields of text: a browser writes dates and numbers in its own way, and that is nobody's typing.

const TEXT = "input:is([type=text], [type=search], [type=email], :not([type])), textarea";

document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll(TEXT)) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
