// Keeps what has the cursor out from behind the bars at the bottom. A browser thinks that it is in sight there
// already; scrollIntoView() heeds the scroll-padding of the page. What is pressed with a mouse stays in its place.

function show() {
  const one = document.activeElement;
  if (one.matches("main :focus-visible")) one.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", () => requestAnimationFrame(show));
document.addEventListener("htmx:afterSettle", show);
