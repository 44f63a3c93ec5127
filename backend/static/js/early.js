// What was typed before the page could listen counts as typed as soon as it does, so a list that narrows while
// somebody types does so on a slow line as well. The same holds for what a browser puts back on reloading.

document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("input, textarea")) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
