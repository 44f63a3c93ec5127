"""How well the sentences of Dutch texts are told apart: `make bench-sentences`.

The texts are the paragraphs of UD Dutch LassySmall's test set (Wikipedia). A sentence without a closing mark
is a heading or a row, so a line break follows it, else a space; counted are the ends inside lines. The rule
was made while looking at the half "seen", whole articles by their hash; the half "unseen" was set aside
before, and only its figure was looked at. Beside Kwartet: pysbd, one regular expression, and Intl.Segmenter
where Chromium is here. Prints a table, then one line of JSON.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from playwright.sync_api import sync_playwright
from pysbd import Segmenter

from engagement.statements.sentences import sentences

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
GOAL = 0.985
CLOSED = re.compile(r"[.!?…][\"'”’)\]]*$")
EXPRESSION = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])")
SEGMENTS = """(texts) => {
  const cutter = new Intl.Segmenter("nl", { granularity: "sentence" });
  const points = (text) => [...text].length;
  return texts.map((text) =>
    [...cutter.segment(text)].map((one) => points(text.slice(0, one.index + one.segment.trimEnd().length))));
}"""
# For each text where sentences end in it.
Ends = list[list[int]]
Finder = Callable[[Sequence[str]], Ends]


def paragraphs(corpora: Path, half: str) -> list[tuple[str, set[int]]]:
    """Each text of this half ("seen", "unseen") with the ends inside its lines."""
    found: dict[str, list[str]] = {}
    number = ""
    for line in (corpora / "nl-sentences" / "nl_lassysmall-ud-test.conllu").read_text().splitlines():
        if line.startswith("# sent_id = "):
            number = line.removeprefix("# sent_id = ")
        elif line.startswith("# text = ") and _half(number) == half:
            found.setdefault(number.rpartition(".s.")[0], []).append(line.removeprefix("# text = "))
    return [_joined(pieces) for pieces in found.values()]


def _half(number: str) -> str:
    article = number.partition(".p.")[0]
    return "unseen" if hashlib.sha256(article.encode()).digest()[0] % 2 else "seen"


def _joined(pieces: list[str]) -> tuple[str, set[int]]:
    text, ends = "", set()
    for piece in pieces[:-1]:
        text += piece
        if CLOSED.search(piece):
            ends.add(len(text))
            text += " "
        else:
            text += "\n"
    return text + pieces[-1], ends


def f1(texts: Sequence[tuple[str, set[int]]], found: Ends) -> float:
    right = here = there = 0
    for (text, ends), places in zip(texts, found, strict=True):
        inside = {place for place in places if text[place:].strip() and "\n" not in text[place : place + 1]}
        right, here, there = right + len(inside & ends), here + len(inside), there + len(ends)
    return 2 * right / (here + there)


def ours(texts: Sequence[str]) -> Ends:
    return [[end for _, end in sentences(text)] for text in texts]


def pysbds(texts: Sequence[str]) -> Ends:
    """It is given one line at a time, since it does not end a sentence at each line break."""
    cutter = Segmenter(language="nl", clean=False, char_span=True)
    return [
        [
            line.start() + span.start + len(span.sent.rstrip())
            for line in re.finditer(r"[^\n]+", text)
            for span in cutter.segment(line.group())
        ]
        for text in texts
    ]


def expressions(texts: Sequence[str]) -> Ends:
    return [[one.end() for one in EXPRESSION.finditer(text)] for text in texts]


def segmenters(texts: Sequence[str]) -> Ends:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        found: Ends = browser.new_page().evaluate(SEGMENTS, list(texts))
        browser.close()
    return found


def measured(corpora: Path, finder: Finder) -> dict[str, float]:
    """F1 on each half and on the whole, and seconds for the whole."""
    halves = [paragraphs(corpora, "seen"), paragraphs(corpora, "unseen")]
    every = halves[0] + halves[1]
    start = perf_counter()
    found = finder([text for text, _ in every])
    seconds = perf_counter() - start
    seen = len(halves[0])
    figures = {
        "seen": f1(halves[0], found[:seen]),
        "unseen": f1(halves[1], found[seen:]),
        "whole": f1(every, found),
    }
    return {name: round(figure, 4) for name, figure in figures.items()} | {"seconds": round(seconds, 2)}


def main() -> None:
    corpora = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA
    if not (corpora / "nl-sentences").is_dir():
        sys.exit(f"{corpora / 'nl-sentences'} is not there; give the folder of the collections.")
    finders = {"kwartet": ours, "pysbd": pysbds, "one expression": expressions}
    if shutil.which("chromium") or shutil.which("google-chrome"):
        finders["Intl.Segmenter"] = segmenters
    rows = {name: measured(corpora, finder) for name, finder in finders.items()}
    print(f"{'F1 of ends inside lines':24} {'seen':>8} {'unseen':>8} {'whole':>8} {'seconds':>8}")
    for name, row in rows.items():
        print(f"{name:24} {row['seen']:8.4f} {row['unseen']:8.4f} {row['whole']:8.4f} {row['seconds']:8.2f}")
    print(json.dumps({"goal": GOAL, **rows}))


if __name__ == "__main__":
    main()
