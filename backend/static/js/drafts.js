// What somebody types in a form with `data-draft` stays on this device until it is saved: through a reload, a crash, a
// dead line, and a session that ended; keeping.js says how.
//
// Every time a form is opened it gets a slot of its own, so no draft takes the place of another one. A slot whose form
// was sent goes when this tab comes to another page of ours: only then is it saved.

import { clock, drop, keep, kept, lineIsThere, read, wipe } from "./keeping.js";

const WAIT = 250;
const RETRY = 5000;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "once", "known"]);
const user = document.body.dataset.user;
const place = location.pathname + location.search;
const words = document.getElementById("draft-words");
const tab = (sessionStorage.tab ||= crypto.randomUUID?.() ?? String(Math.random()));
const forms = new WeakMap();
// When it was looked last whether anybody answers: a form that asks something first comes by once more.
const passed = new WeakMap();
const probing = new WeakSet();

const mine = () => (user ? kept("drafts", user) : Promise.reject(new Error("no drafts here")));
const dropDraft = (slot) => drop("drafts", slot);

async function write(draft) {
  const { slot, at, sent } = draft;
  await keep("drafts", { slot, user, place: draft.place, at, sent }, draft.fields);
}

const typedIn = (form) =>
  [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name));

const told = (fields) => JSON.stringify(fields.filter(([name]) => name !== "stamp").map(([n, v]) => [n, v.replace(/\r/g, "")]).sort());

const same = (one, other) => told(one) === told(other);

const textOf = (fields, before) => {
  const known = new Set(before.map(([name, value]) => `${name} ${value}`));
  return fields.filter(([name, value]) => name !== "stamp" && /\p{L}{2}/u.test(value) && !known.has(`${name} ${value}`)).map(([, value]) => value);
};

function part(name) {
  return words.content.querySelector(`[data-part=${name}]`).cloneNode(true);
}

function fill(element, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const spot of element.querySelectorAll(`[data-fill=${name}]`)) spot.textContent = value;
  }
  return element;
}

// The line beside the button: since when it stands on this device, or waits.
function say(form, name, at) {
  const state = forms.get(form);
  const line = fill(part(name), { time: clock(at) });
  if (state.line) state.line.replaceWith(line);
  else (form.querySelector(".form-actions, .apply-bar, .note-actions") ?? form).append(line);
  state.line = line;
}

async function save(form) {
  const state = forms.get(form);
  clearTimeout(state.timer);
  const fields = typedIn(form);
  if (same(fields, state.first) && !state.kept) return;
  state.kept = true;
  const at = Date.now();
  await write({ slot: state.slot, place, at, sent: state.sent, fields });
  if (!state.waiting) say(form, "kept", at);
}

function put(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const one of form.elements) {
    if (!one.name || NOT_TYPED.has(one.name) || one.type === "file" || one.type === "submit") continue;
    const wanted = values.get(one.name) ?? [];
    if (one.type === "checkbox" || one.type === "radio") one.checked = wanted.includes(one.value);
    else if (one.type !== "hidden" || one.name === "stamp") one.value = wanted.shift() ?? "";
  }
}

// A page that would lack rows or people that were chosen is asked for anew, with what was typed and nothing saved.
function showAnew(form, fields) {
  const again = document.createElement("form");
  again.method = "post";
  const token = form.elements.namedItem("csrfmiddlewaretoken").value;
  for (const [name, value] of [...fields, ["csrfmiddlewaretoken", token], [form.dataset.draftAgain, "1"]]) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    again.append(input);
  }
  again.hidden = true;
  document.body.append(again);
  again.submit();
}

async function goOn(form, record, fields, banner) {
  banner.remove();
  if (form.dataset.draftAgain) {
    await write({ ...record, fields, sent: tab });
    return showAnew(form, fields);
  }
  put(form, fields);
  await save(form);
  await dropDraft(record.slot);
  form.querySelector("textarea, input:not([type=hidden])")?.focus();
}

function offer(form, record, fields) {
  const typed = textOf(fields, forms.get(form).first);
  const number = typed.join(" ").split(/\s+/).filter(Boolean).length;
  const excerpt = (typed.toSorted?.((a, b) => b.length - a.length) ?? typed)[0] ?? "";
  const banner = fill(part("offer"), { time: clock(record.at), number, excerpt: excerpt.slice(0, 90), all: typed.join("\n\n") });
  banner.querySelector("[data-go-on]").addEventListener("click", () => goOn(form, record, fields, banner));
  banner.querySelector("[data-throw-away]").addEventListener("click", async () => {
    await dropDraft(record.slot);
    banner.remove();
  });
  form.before(banner);
  // A browser that loads a page anew scrolls to where one was, which may be far below.
  requestAnimationFrame(() => banner.scrollIntoView({ block: "nearest" }));
}

async function meet(form, records) {
  if (forms.has(form)) return;
  const state = { slot: `${tab} ${Date.now()} ${Math.random()}`, first: typedIn(form), sent: "" };
  forms.set(form, state);
  for (const record of records.filter((one) => one.place === place).sort((a, b) => a.at - b.at)) {
    const fields = await read(record);
    const here = new Set(fields.map(([name]) => name));
    if (!typedIn(form).some(([name]) => here.has(name))) continue;
    if (!same(fields, typedIn(form))) {
      if (record.sent !== tab) offer(form, record, fields);
      else await dropDraft(record.slot);
      continue;
    }
    // Shown once more with what was typed, since something is wrong with it or it was asked for.
    await dropDraft(record.slot);
    state.kept = true;
    await save(form);
  }
}

async function meetAll() {
  const records = await mine();
  for (const form of document.querySelectorAll("form[data-draft]")) await meet(form, records);
}

async function arrived() {
  const waits = document.querySelector("[data-drafts-wait]");
  const sent = (await mine()).filter((one) => one.sent === tab && one.place !== place);
  if (!waits) await Promise.all(sent.map((one) => dropDraft(one.slot)));
  await meetAll();
}

const draftForm = (target) => target.closest?.("form[data-draft]");

function typing(event) {
  const form = draftForm(event.target);
  const state = form && forms.get(form);
  if (!state) return;
  clearTimeout(state.timer);
  state.timer = setTimeout(() => save(form).catch(() => {}), WAIT);
}

function wait(form, submitter) {
  const state = forms.get(form);
  if (state.waiting) return;
  state.waiting = part("offline");
  form.before(state.waiting);
  say(form, "waits", Date.now());
  const look = async () => {
    if (!form.isConnected || !(await lineIsThere(RETRY))) {
      state.next = setTimeout(look, RETRY);
      return;
    }
    clearTimeout(state.next);
    removeEventListener("online", look);
    state.waiting.remove();
    state.waiting = null;
    form.requestSubmit(submitter);
  };
  addEventListener("online", look);
  state.next = setTimeout(look, RETRY);
}

// Before a form leaves the page it is looked whether anybody would answer.
async function send(form, submitter) {
  const state = forms.get(form);
  probing.add(form);
  state.sent = tab;
  state.kept = true;
  await save(form).catch(() => {});
  const there = await lineIsThere(RETRY);
  probing.delete(form);
  if (!there) {
    state.sent = "";
    await save(form).catch(() => {});
    return wait(form, submitter);
  }
  passed.set(form, performance.now());
  form.requestSubmit(submitter);
}

const hasPassed = (form) => performance.now() - (passed.get(form) ?? -2 * RETRY) < RETRY;

function leaving(event) {
  const { target: form, submitter } = event;
  if (form.matches("[data-logout]")) return logOut(event);
  if (!forms.has(form) || submitter?.formTarget || form.hasAttribute("hx-post") || hasPassed(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!probing.has(form)) send(form, submitter);
}

function logOut(event) {
  const { target: form } = event;
  if (hasPassed(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const leave = async () => {
    await wipe(user).catch(() => {});
    passed.set(form, performance.now());
    form.requestSubmit();
  };
  mine()
    .catch(() => [])
    .then((drafts) => (drafts.length ? ask(drafts.length, leave) : leave()));
}

function ask(number, leave) {
  const dialog = fill(part("logout"), { number });
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-leave]").addEventListener("click", leave);
  dialog.showModal();
}

document.addEventListener("submit", leaving, true);
document.addEventListener("input", typing);
document.addEventListener("change", typing);
document.addEventListener("htmx:afterSettle", () => meetAll().catch(() => {}));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const state = detail.successful && forms.get(detail.elt);
  if (!state) return;
  clearTimeout(state.timer);
  dropDraft(state.slot).catch(() => {});
});
document.addEventListener("htmx:sendError", ({ detail }) => {
  if (forms.has(detail.elt)) wait(detail.elt, detail.requestConfig.triggeringEvent?.submitter);
});
addEventListener("pageshow", (event) => event.persisted && arrived().catch(() => {}));
arrived().catch(() => {});
