// What Word, Outlook or a web page put on the clipboard comes into the notes as plain lines, cleaned by the server; without
// a line the browser's own plain text has to do.

const form = document.querySelector("form[data-paste]");
const field = form.querySelector("textarea");

function insert(text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function cleaned(html) {
  const body = new FormData();
  body.set("html", html);
  body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  const response = await fetch(form.dataset.paste, { method: "POST", body, redirect: "manual" });
  if (!response.ok) throw new Error(response.status);
  return response.text();
}

field.addEventListener("paste", async (event) => {
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  if (!html) return;
  event.preventDefault();
  insert(await cleaned(html).catch(() => plain));
});
