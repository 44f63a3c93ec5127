// The notes on the page: passages marked in them, and the one that is being chosen. Places are code points, as the
// server counts. Only the lines that change are drawn anew, since notes may have hundreds of pages.

const FIRST = { IN_PLACE: "in place", CHANGED: "changed" };

export class Notes {
  // `numbered` tells the [statement, its number] to mark.
  constructor(element, numbered) {
    this.element = element;
    this.numbered = numbered;
  }

  show(text, sentences) {
    this.points = [...text];
    this.sentences = sentences;
    this.lines = [];
    let start = 0;
    for (const line of text.split("\n")) {
      const length = [...line].length;
      this.lines.push({ start, end: start + length });
      start += length + 1;
    }
    this.element.replaceChildren(
      ...this.lines.map((line) => {
        line.element = document.createElement("div");
        line.element.className = "line";
        return line.element;
      }),
    );
    this.chosen = null;
    this.mark();
  }

  text(start, end) {
    return this.points.slice(start, end).join("");
  }

  // Draw all marks anew, where they changed.
  mark() {
    this.marks = this.numbered().filter(([one]) => one.start !== null && Object.values(FIRST).includes(one.anchor));
    for (const line of this.lines) this.draw(line);
  }

  choose(span) {
    const before = this.chosen;
    this.chosen = span;
    for (const line of this.lines) {
      if ([before, span].some((one) => one && one.start <= line.end && one.end >= line.start)) this.draw(line);
    }
  }

  draw(line) {
    const touching = this.marks.filter(([one]) => one.start < line.end && one.end > line.start);
    const active = this.chosen && this.chosen.start < line.end && this.chosen.end > line.start ? this.chosen : null;
    const drawn = JSON.stringify([touching.map(([one, number]) => [one.start, one.end, number]), active]);
    if (line.drawn === drawn) return;
    line.drawn = drawn;
    const edges = new Set([line.start, line.end]);
    for (const one of [...touching.map(([statement]) => statement), ...(active ? [active] : [])]) {
      for (const place of [one.start, one.end]) if (place > line.start && place < line.end) edges.add(place);
    }
    const places = [...edges].sort((a, b) => a - b);
    const parts = places.slice(1).flatMap((end, index) => this.piece(places[index], end, touching, active));
    line.element.replaceChildren(...(parts.length ? parts : [document.createElement("br")]));
  }

  piece(start, end, touching, active) {
    const within = touching.filter(([one]) => one.start <= start && end <= one.end);
    const chosen = active && active.start <= start && end <= active.end;
    const element = document.createElement(within.length || chosen ? "mark" : "span");
    element.dataset.start = start;
    element.textContent = this.text(start, end);
    if (chosen) element.className = "chosen";
    if (within.length) element.dataset.statement = within.at(-1)[0].uuid;
    const numbers = touching.filter(([one]) => one.end === end).map(([, number]) => {
      const box = document.createElement("span");
      box.className = "statement-number";
      box.textContent = number;
      return box;
    });
    return [element, ...numbers];
  }

  lineOf(place) {
    return this.lines.findLast((line) => line.start <= place) ?? this.lines[0];
  }

  // The place of a point of the page inside the notes, null outside of them.
  placeOf(node, offset) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const piece = element.closest?.("[data-start]");
    if (piece) {
      const before = node.nodeType === Node.TEXT_NODE ? [...node.textContent.slice(0, offset)].length : 0;
      return Number(piece.dataset.start) + before;
    }
    const index = this.lines.findIndex((line) => line.element === element || line.element.contains(element));
    if (index < 0) return null;
    return offset ? this.lines[index].end : this.lines[index].start;
  }

  // What the mouse chose, without white space at its edges; null when that is nothing.
  selected() {
    const selection = getSelection();
    if (selection.isCollapsed || !this.element.contains(selection.anchorNode)) return null;
    const range = selection.getRangeAt(0);
    const places = [
      this.placeOf(range.startContainer, range.startOffset),
      this.placeOf(range.endContainer, range.endOffset),
    ];
    if (places.includes(null)) return null;
    return this.trimmed(...places);
  }

  trimmed(start, end) {
    while (start < end && !this.points[start].trim()) start += 1;
    while (end > start && !this.points[end - 1].trim()) end -= 1;
    return end > start ? { start, end } : null;
  }

  sentenceAt(place) {
    const index = this.sentences.findIndex(([, end]) => end > place);
    return index < 0 ? this.sentences.length - 1 : index;
  }

  span(index) {
    const [start, end] = this.sentences[index];
    return { start, end };
  }

  // The next edge of a word from `place` on, forwards (1) or backwards (-1); null at the end of the notes.
  wordEdge(place, direction) {
    const inside = (at) => /[\p{L}\p{N}]/u.test(this.points[at] ?? "");
    let at = place;
    const look = () => (direction > 0 ? at : at - 1);
    while (look() >= 0 && look() < this.points.length && !inside(look())) at += direction;
    while (look() >= 0 && look() < this.points.length && inside(look())) at += direction;
    return at === place ? null : at;
  }
}
