// The box under a chosen passage: codes, kind, aspect, who said it, our wording, and who may see it.

import { find } from "./codes.js";

export class Box {
  // `template` holds the box; `codes` are those of the page; `did(name)` is called with what a button wants.
  constructor({ template, codes, speakers, did }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    Object.assign(this, { codes, did, draft: null });
    this.part = (name) => this.element.querySelector(`[data-part=${name}]`);
    this.input = this.part("code");
    this.list = this.part("found");
    this.speaker = this.part("speaker");
    for (const one of speakers) this.speaker.append(new Option(one.name, one.id));
    this.part("who").hidden = speakers.length < 2;
    this.input.addEventListener("input", () => this.search());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("li")?.found));
    this.element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.did(button.dataset.do);
      const chip = event.target.closest("[data-code]");
      if (chip) this.untake(chip.dataset.code);
    });
    this.element.addEventListener("change", () => this.read());
    this.element.addEventListener("keydown", (event) => this.shortcut(event));
  }

  open(draft) {
    this.draft = draft;
    this.input.value = "";
    for (const name of ["stance", "aspect", "visibility"]) this.set(name, draft[name]);
    this.speaker.value = draft.speaker ?? "";
    this.part("wording").value = draft.wording;
    this.part("more").open = Boolean(draft.wording) || draft.visibility !== "named";
    this.part("remove").hidden = !draft.there;
    this.search();
    this.chips();
  }

  set(name, value) {
    for (const one of this.element.querySelectorAll(`[name=${name}]`)) one.checked = one.value === value;
    if (this.draft) this.draft[name] = value;
  }

  read() {
    const draft = this.draft;
    for (const name of ["stance", "aspect", "visibility"]) {
      draft[name] = this.element.querySelector(`[name=${name}]:checked`)?.value ?? "";
    }
    draft.speaker = Number(this.speaker.value) || null;
    draft.wording = this.part("wording").value.trim();
    this.did("read");
  }

  search() {
    const { codes, new_codes: names } = this.draft;
    const found = find(this.codes(), this.input.value).filter(
      (one) => (one.code ? !codes.includes(one.code.id) : !names.includes(one.name)),
    );
    this.at = 0;
    const recent = !this.input.value.trim();
    this.list.replaceChildren(...found.slice(0, 9).map((one, index) => this.option(one, index, recent)));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(Boolean(found.length)));
    this.point();
  }

  option(found, index, recent) {
    const line = document.createElement("li");
    line.found = found;
    line.id = `found-${index}`;
    line.setAttribute("role", "option");
    const name = document.createElement("b");
    name.textContent = found.code?.name ?? found.name;
    line.append(name);
    const second = found.code ? found.code.path.join(" / ") : this.list.dataset.new;
    if (second) line.append(` · ${second}`);
    if (recent) {
      const key = document.createElement("kbd");
      key.textContent = index + 1;
      line.append(key);
    }
    return line;
  }

  point() {
    [...this.list.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === this.at)));
    const line = this.list.children[this.at];
    if (line) this.input.setAttribute("aria-activedescendant", line.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const last = this.list.children.length - 1;
    const digit = /^[1-9]$/.test(event.key) && !this.input.value && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.key === "ArrowDown") this.at = Math.min(this.at + 1, last);
    else if (event.key === "ArrowUp") this.at = Math.max(this.at - 1, 0);
    else if (event.key === "Enter" && !event.ctrlKey) {
      if (!this.input.value.trim()) this.did("back");
      else this.take(this.list.children[this.at]?.found);
    } else if (digit) this.take(this.list.children[Number(event.key) - 1]?.found);
    else if (event.key === "Backspace" && !this.input.value) this.untakeLast();
    else return;
    event.preventDefault();
    this.point();
  }

  shortcut(event) {
    if (event.key === "Escape") this.did("drop");
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.did("next");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A code that was chosen leads back to the notes, where single keys work.
  take(found) {
    if (!found) return;
    if (found.code) this.draft.codes.push(found.code.id);
    else this.draft.new_codes.push(found.name);
    this.input.value = "";
    this.search();
    this.chips();
    this.did("coded");
  }

  untake(name) {
    const code = this.codes().find((one) => one.name === name);
    this.draft.codes = this.draft.codes.filter((id) => id !== code?.id);
    this.draft.new_codes = this.draft.new_codes.filter((one) => one !== name);
    this.search();
    this.chips();
    this.did("read");
  }

  untakeLast() {
    const last = this.names().at(-1);
    if (last) this.untake(last);
  }

  names() {
    const known = new Map(this.codes().map((code) => [code.id, code.name]));
    return [...this.draft.codes.map((id) => known.get(id)), ...this.draft.new_codes].filter(Boolean);
  }

  chips() {
    this.part("codes").replaceChildren(
      ...this.names().map((name) => {
        const chip = document.createElement("button");
        chip.type = "button";
        chip.className = "filter-chip";
        chip.dataset.code = name;
        chip.textContent = `#${name} ×`;
        chip.setAttribute("aria-label", `${this.part("codes").dataset.remove}: ${name}`);
        return chip;
      }),
    );
  }
}
