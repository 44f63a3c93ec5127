// Shows what is being written as it will look, a moment after the last key. The button does the same without
// this script. Each time the frame is replaced: going back in the browser then leaves the page, instead of
// walking through everything that was typed.

const WAIT = 700;
const form = document.getElementById("writing");
const button = document.getElementById("show-proof");
let turn = 0;
let timer;

function show() {
  const old = document.querySelector("iframe.mail-preview");
  const fresh = old.cloneNode();
  turn += 1;
  fresh.name = button.formTarget = `proof-${turn}`;
  old.replaceWith(fresh);
  form.requestSubmit(button);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(show, WAIT);
}

form.addEventListener("input", soon);
document.body.addEventListener("htmx:afterSettle", soon);
show();
