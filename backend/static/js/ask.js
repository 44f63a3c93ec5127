// What cannot be undone asks first. A form, button or link with `data-ask` is sent once with "X-Ask", which does
// nothing but fetch the question; it opens in a dialog. Where there is nothing to ask, or no answer comes (the
// session ended, the line is dead), the form goes the way that it goes without this script.

const dialog = document.getElementById("ask");
const asked = new WeakSet();

async function questionAt(url, options) {
  try {
    const answer = await fetch(url, { ...options, headers: { "X-Ask": "1" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return answer.ok && page.querySelector("body > .question");
  } catch {
    return null;
  }
}

function open(question) {
  dialog.replaceChildren(document.adoptNode(question));
  dialog.showModal();
  document.dispatchEvent(new CustomEvent("question", { detail: dialog }));
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || asked.has(form) || !(form.matches("[data-ask]") || submitter?.matches("[data-ask]"))) return;
  event.preventDefault();
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const question = await questionAt(url || location.href, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
  if (question) return open(question);
  asked.add(form);
  form.requestSubmit(submitter);
  asked.delete(form);
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("#ask [data-leave]")) {
    event.preventDefault();
    dialog.close();
    return;
  }
  const link = event.target.closest("a[data-ask]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const question = await questionAt(link.href, {});
  if (question) open(question);
  else location.assign(link.href);
});
