// "/" puts the cursor in the search field, but never while somebody is typing (WCAG 2.1.4), and not at
// all for a user who switched single-key shortcuts off: the page then does not load this module.

const field = document.getElementById("search");

function typing(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.altKey || event.metaKey;
  if (event.key !== "/" || modified || event.isComposing || typing(event.target)) return;
  if (!field || field.offsetParent === null) return;
  event.preventDefault();
  field.focus();
  field.select();
});
