// Taking statements from notes: choose a passage by keyboard, mouse or touch, say what it is about, next. The device
// makes each statement's uuid; what was not taken by the server yet waits on the device (capture/outbox.js).

import { Box } from "./capture/box.js";
import { Notes } from "./capture/notes.js";
import { Outbox } from "./capture/outbox.js";
import { clock, keep, kept, read } from "./keeping.js";
import { sentences } from "./sentences.js";

const root = document.getElementById("capture");
const place = location.pathname;
const STANCES = ["opportunity", "concern", "wish", "idea"];
const ASPECTS = { h: "hardware", s: "software" };
const VISIBILITIES = ["named", "organisation", "sector", "team"];
const words = JSON.parse(document.getElementById("capture-words").textContent);

// The names of codes to be made: of one that waits they stand as they are sent.
const namesOf = ({ new_codes: names = [] }) => (typeof names === "string" ? names.split(",").filter(Boolean) : [...names]);

const isFilled = (draft) => Boolean(draft.there || draft.stance || draft.aspect || draft.wording || draft.codes.length || draft.new_codes.length);

// What the page shows: as the server sent it, or as it was when it was last here.
function keepPage(user, data) {
  return keep("pages", { slot: `page ${user} ${place}`, user, place, at: Date.now() }, data).catch(() => {});
}

async function opened() {
  const sent = document.getElementById("capture-data");
  const user = document.body.dataset.user;
  if (sent) {
    const data = { ...JSON.parse(sent.textContent), title: document.querySelector("h1").textContent };
    keepPage(user, data);
    return { user, data };
  }
  const record = (await kept("pages")).find((one) => one.place === place);
  return record ? { user: record.user, data: await read(record) } : null;
}

class Capture {
  constructor(user, data) {
    this.data = data;
    this.undos = [];
    this.lately = [];
    this.draft = null;
    this.at = 0;
    this.keys = data.shortcuts;
    this.notes = new Notes(document.getElementById("notes"), () => this.numbered());
    this.outbox = new Outbox({
      address: `${place}sync/`,
      token: root.querySelector("[name=csrfmiddlewaretoken]")?.value,
      user,
      place,
      changed: (answer) => this.answered(answer),
    });
    this.outbox.told = (state, at) => this.tell(state, at);
    this.box = new Box({
      template: document.getElementById("capture-box"),
      codes: () => this.data.codes,
      speakers: data.speakers,
      did: (what) => this.did(what),
    });
  }

  async start() {
    const left = await this.outbox.open().catch(() => 0);
    this.notes.show(this.data.text, sentences(this.data.text));
    this.listen();
    this.takeUp(this.outbox.hand);
    root.classList.add("ready");
    if (left) this.outbox.send();
    this.watchTabs();
  }

  // What one had in hand when the page went, null for nothing.
  takeUp(draft) {
    this.draft = draft;
    if (draft && draft.start !== null) this.notes.choose({ start: draft.start, end: draft.end });
    this.showBox();
    this.list();
  }

  // --- statements, as the server has them with what waits in their place

  taken() {
    const found = new Map(this.data.statements.map((one) => [one.uuid, one]));
    for (const item of this.outbox.waiting.values()) {
      if (item.removed) found.delete(item.uuid);
      else {
        const there = found.get(item.uuid);
        found.set(item.uuid, { ...there, ...item, anchor: "start" in item ? "in place" : there?.anchor ?? "loose" });
      }
    }
    return [...found.values()];
  }

  // With the one in hand, in the order of the notes.
  numbered() {
    const found = new Map(this.taken().map((one) => [one.uuid, one]));
    const { draft } = this;
    if (draft && isFilled(draft)) {
      const passage = draft.start === null ? draft.passage : this.notes.text(draft.start, draft.end);
      found.set(draft.uuid, { ...found.get(draft.uuid), ...draft, passage });
    }
    const ordered = [...found.values()].sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity));
    return ordered.map((one, index) => [one, index + 1]);
  }

  find(uuid) {
    return this.taken().find((one) => one.uuid === uuid);
  }

  put(item) {
    this.outbox.put(item);
    this.notes.mark();
    this.list();
  }

  async answered(answer) {
    if (answer) {
      await keepPage(this.outbox.user, { ...this.data, ...answer, results: [] });
      Object.assign(this.data, { statements: answer.statements, codes: answer.codes, speakers: answer.speakers });
      this.rankCodes();
      if (answer.revision !== this.data.revision && !this.outbox.waiting.size) {
        Object.assign(this.data, { revision: answer.revision, text: answer.text });
        this.close();
        this.notes.show(answer.text, sentences(answer.text));
      }
    }
    this.notes.mark();
    this.list();
  }

  // --- the passage in hand

  fresh(span) {
    const speakers = this.data.speakers;
    return {
      uuid: crypto.randomUUID(),
      version: 0,
      ...span,
      wording: "",
      speaker: speakers.length === 1 ? speakers[0].id : this.lastSpeaker ?? null,
      stance: "",
      aspect: "",
      visibility: "named",
      codes: [],
      new_codes: [],
    };
  }

  choose(span) {
    if (!span) return;
    if (this.draft) Object.assign(this.draft, span);
    else this.draft = this.fresh(span);
    this.at = this.notes.sentenceAt(span.start);
    this.notes.choose({ start: this.draft.start, end: this.draft.end });
    this.say(this.notes.text(span.start, span.end));
    if (this.box.element.isConnected) this.showBox(false);
  }

  showBox(focus = true) {
    if (!this.draft) return;
    const line = this.notes.lineOf(this.draft.end - 1);
    if (this.box.draft !== this.draft) this.box.open(this.draft);
    line.element.after(this.box.element);
    if (focus) this.box.input.focus();
    this.box.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.draft = null;
    this.touched = null;
    this.box.draft = null;
    this.box.element.remove();
    this.notes.choose(null);
  }

  edit(statement) {
    this.close();
    const { start = null, end = null } = statement;
    this.draft = { ...statement, start, end, codes: [...statement.codes], new_codes: namesOf(statement), there: { start, end } };
    if (start !== null) this.at = this.notes.sentenceAt(start);
    if (start !== null) this.notes.choose({ start: statement.start, end: statement.end });
    this.showBox();
  }

  item(draft) {
    const { there, anchor, page, start, end, ...said } = draft;
    const moved = start !== null && (!there || start !== there.start || end !== there.end);
    // The words of one that was moved are those of today: of all others the server knows better.
    const places = moved ? { start, end, revision: this.data.revision, passage: this.notes.text(start, end) } : {};
    return { ...said, ...places, new_codes: draft.new_codes.join(",") };
  }

  // Take it down, and go on behind it.
  next() {
    const draft = this.draft;
    if (!draft) return;
    const before = this.find(draft.uuid);
    this.put(this.item(draft));
    this.lastSpeaker = draft.speaker;
    this.lately.unshift(...draft.codes.toReversed());
    this.rankCodes();
    this.undos.push(() => (before ? this.again(before) : this.remove(draft.uuid)));
    this.close();
    this.at = Math.min(this.notes.sentenceAt(Math.max(draft.end - 1, 0)) + 1, this.notes.sentences.length - 1);
    this.step(0);
    this.notes.element.focus({ preventScroll: true });
    this.say(words.taken);
  }

  // Those given last come first, also while the server does not know of it yet.
  rankCodes() {
    const told = this.data.codes.filter((code) => code.recent).sort((a, b) => a.recent - b.recent);
    const order = [...new Set([...this.lately, ...told.map((code) => code.id)])].slice(0, 9);
    for (const code of this.data.codes) code.recent = order.indexOf(code.id) + 1;
  }

  versionOf(uuid) {
    return this.data.statements.find((one) => one.uuid === uuid)?.version ?? 0;
  }

  remove(uuid) {
    this.put({ uuid, version: this.versionOf(uuid), removed: true });
  }

  again(statement) {
    const { page, anchor, start, end, ...said } = statement;
    const places = anchor === "in place" ? { start, end, revision: this.data.revision } : {};
    this.put({ ...said, ...places, version: this.versionOf(statement.uuid), new_codes: namesOf(statement).join(",") });
  }

  undo() {
    if (this.draft && !this.draft.there) return this.close();
    const undo = this.undos.pop();
    if (!undo) return;
    this.close();
    undo();
    this.say(words.undone);
  }

  did(what) {
    if (what === "next") this.next();
    else if (what === "drop") {
      this.close();
      this.notes.element.focus({ preventScroll: true });
    } else if (what === "remove") {
      const before = this.find(this.draft.uuid);
      this.remove(before.uuid);
      this.undos.push(() => this.again(before));
      this.close();
      this.notes.element.focus({ preventScroll: true });
    } else if (what === "coded" || what === "back") {
      this.list();
      this.notes.element.focus({ preventScroll: true });
    } else if (what === "read") this.list();
    else this.moveEdge(...what.split(" "));
  }

  // "start" or "end" by a word: 1 forwards, -1 backwards.
  moveEdge(edge, direction) {
    const { start, end } = this.draft;
    const place = this.notes.wordEdge(edge === "start" ? start : end, Number(direction));
    if (place === null) return;
    const span = edge === "start" ? { start: place, end } : { start, end: place };
    const trimmed = span.end > span.start && (edge === "end" ? span : this.notes.trimmed(span.start, span.end));
    if (trimmed) this.choose(trimmed);
  }

  // --- keys, which work only while the notes have the focus

  step(by) {
    const count = this.notes.sentences.length;
    if (!count) return;
    if (this.draft && by && isFilled(this.draft)) return this.say(words.first);
    if (this.draft && by) this.close();
    this.at = Math.min(Math.max(this.at + by, 0), count - 1);
    this.notes.choose(this.notes.span(this.at));
    const line = this.notes.lineOf(this.notes.span(this.at).start);
    line.element.scrollIntoView({ block: "nearest" });
    const { start, end } = this.notes.span(this.at);
    this.say(this.notes.text(start, end));
  }

  taking() {
    if (!this.draft && this.notes.sentences.length) this.choose(this.notes.span(this.at));
    return this.draft;
  }

  extend(direction, edge = "end") {
    if (this.taking()) this.moveEdge(edge, direction);
  }

  key(event) {
    const { key, shiftKey, altKey } = event;
    const command = event.ctrlKey || event.metaKey;
    if (command && key === "Enter") this.taking() && this.next();
    else if (command && key.toLowerCase() === "z") this.undo();
    else if (command) return;
    else if (key === "ArrowRight" && shiftKey) this.extend(1, altKey ? "start" : "end");
    else if (key === "ArrowLeft" && shiftKey) this.extend(-1, altKey ? "start" : "end");
    else if (altKey) return;
    else if (key === "ArrowDown" && shiftKey) this.bySentence(1);
    else if (key === "ArrowUp" && shiftKey) this.bySentence(-1);
    else if (key === "ArrowRight" || key === "ArrowDown") this.step(1);
    else if (key === "ArrowLeft" || key === "ArrowUp") this.step(-1);
    else if (key === "Enter") this.taking() && this.showBox();
    else if (key === "Escape") this.close();
    else if ((key === "Delete" || key === "Backspace") && this.draft?.there) this.did("remove");
    else if (!this.keys || !this.letter(key.toLowerCase())) return;
    event.preventDefault();
  }

  bySentence(by) {
    if (!this.taking()) return;
    const last = this.notes.sentenceAt(this.draft.end - 1) + by;
    const first = this.notes.sentenceAt(this.draft.start);
    if (last < first || last >= this.notes.sentences.length) return;
    this.choose({ start: this.draft.start, end: this.notes.span(last).end });
    this.at = first;
  }

  letter(key) {
    if (!/^[1-4tchsv]$/.test(key) || !this.taking()) return false;
    if (key === "t" || key === "c") this.showBox();
    else {
      if (this.box.draft !== this.draft) this.box.open(this.draft);
      if (/[1-4]/.test(key)) this.box.set("stance", STANCES[Number(key) - 1]);
      else if (key === "v") {
        const now = VISIBILITIES.indexOf(this.draft.visibility);
        this.box.set("visibility", VISIBILITIES[(now + 1) % VISIBILITIES.length]);
      } else this.box.set("aspect", this.draft.aspect === ASPECTS[key] ? "" : ASPECTS[key]);
      this.list();
    }
    return true;
  }

  // --- mouse and touch

  tapped(event) {
    if (event.target.closest(".capture-box")) return;
    const marked = event.target.closest("[data-statement]");
    const chosen = this.notes.selected();
    if (chosen) {
      getSelection().removeAllRanges();
      this.choose(chosen);
      return this.showBox(event.pointerType !== "touch");
    }
    if (marked && !this.touched) return this.edit(this.find(marked.dataset.statement));
    const piece = event.target.closest("[data-start]");
    if (!piece) return;
    const point = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = point ?? document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const place = range
      ? this.notes.placeOf(range.offsetNode ?? range.startContainer, range.offset ?? range.startOffset)
      : Number(piece.dataset.start);
    this.sentenceTapped(this.notes.span(this.notes.sentenceAt(place ?? Number(piece.dataset.start))));
    this.showBox(event.pointerType !== "touch");
  }

  // The first tap chooses a sentence, the second one says up to where; then it begins anew.
  sentenceTapped(span) {
    const first = this.touched;
    if (!first && this.draft) {
      if (isFilled(this.draft)) return this.choose(span);
      this.close();
    }
    this.touched = first ? null : span;
    this.choose(first ? { start: Math.min(first.start, span.start), end: Math.max(first.end, span.end) } : span);
  }

  listen() {
    const element = this.notes.element;
    element.addEventListener("keydown", (event) => {
      if (event.target === element) this.key(event);
    });
    element.addEventListener("pointerup", (event) => setTimeout(() => this.tapped(event)));
    element.addEventListener("focus", () => {
      if (!this.draft && element.matches(":focus-visible")) this.step(0);
    });
    document.getElementById("statements").addEventListener("click", (event) => {
      const button = event.target.closest("[data-edit]");
      const statement = button && this.find(button.dataset.edit);
      if (statement) this.edit(statement);
    });
    root.querySelector("[data-undo]").addEventListener("click", () => this.undo());
  }

  // --- what the page says

  list() {
    const rows = this.numbered().map(([one, number]) => this.row(one, number));
    document.getElementById("statements").replaceChildren(...rows);
    document.getElementById("statement-count").textContent = rows.length;
    root.querySelector("[data-undo]").disabled = !this.undos.length;
    this.outbox.holds(this.draft && isFilled(this.draft) ? this.draft : null);
    this.showConflicts();
  }

  row(statement, number) {
    const row = document.getElementById("capture-row").content.firstElementChild.cloneNode(true);
    const fill = (name, text) => (row.querySelector(`[data-fill=${name}]`).textContent = text);
    const literal = !statement.wording || statement.wording === statement.passage;
    fill("number", number);
    fill("words", literal ? `“${statement.passage}”` : statement.wording);
    row.querySelector("[data-edit]").dataset.edit = statement.uuid;
    fill("about", this.about(statement).join(" · "));
    row.classList.toggle("new", statement.uuid === this.draft?.uuid);
    if (this.outbox.waiting.has(statement.uuid)) row.dataset.waits = "";
    return row;
  }

  about(statement) {
    const names = new Map(this.data.codes.map((code) => [code.id, code.name]));
    const codes = [...statement.codes.map((id) => names.get(id)), ...namesOf(statement)].filter(Boolean).map((name) => `#${name}`);
    const speaker = this.data.speakers.length > 1 && this.data.speakers.find((one) => one.id === statement.speaker);
    return [
      codes.join(" ") || words.uncoded,
      speaker && speaker.name,
      words.stance[statement.stance],
      words.aspect[statement.aspect],
      words.visibility[statement.visibility],
    ].filter(Boolean);
  }

  showConflicts() {
    const holder = document.getElementById("conflicts");
    const blocks = [...this.outbox.conflicts].map(([uuid, { mine, theirs, errors }]) => {
      const block = document.getElementById("capture-conflict").content.firstElementChild.cloneNode(true);
      const fill = (name, text) => (block.querySelector(`[data-fill=${name}]`).textContent = text);
      const told = (one) => [one.wording || `“${one.passage}”`, ...this.about(one)].join(" · ");
      fill("mine", mine.removed ? words.gone : told({ ...mine, passage: mine.passage ?? "" }));
      fill("theirs", errors ? errors.join(" ") : theirs ? told(theirs) : words.gone);
      block.querySelector("[data-mine]").addEventListener("click", () => this.settled(uuid, true));
      block.querySelector("[data-theirs]").addEventListener("click", () => this.settled(uuid, false));
      return block;
    });
    holder.replaceChildren(...blocks);
    holder.hidden = !blocks.length;
  }

  settled(uuid, mine) {
    this.outbox.settle(uuid, mine);
    this.notes.mark();
    this.list();
  }

  tell(state, at) {
    const line = document.getElementById("capture-state");
    line.textContent = words.states[state].replace("%s", clock(at));
    line.dataset.state = state;
  }

  say(text) {
    document.getElementById("capture-said").textContent = text;
  }

  // Two tabs with the same notes do no harm, but whoever forgot one of them wants to know.
  watchTabs() {
    const channel = new BroadcastChannel(`capture ${place}`);
    const show = () => (document.getElementById("capture-tabs").hidden = false);
    channel.onmessage = ({ data }) => {
      show();
      if (data === "here?") channel.postMessage("here");
    };
    channel.postMessage("here?");
  }
}

async function begin() {
  const found = await opened().catch(() => null);
  if (!found) return document.getElementById("not-here")?.removeAttribute("hidden");
  if (found.data.title) document.querySelector("h1").textContent = found.data.title;
  if (!found.data.text) return;
  await new Capture(found.user, found.data).start();
}

begin();
navigator.serviceWorker?.register("/capture-worker.js").catch(() => {});
