// Ctrl+Enter links what is chosen, from any field of the page.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector("#linking");
  if (form.contains(event.target)) form.requestSubmit(form.querySelector("[name=link]"));
});
