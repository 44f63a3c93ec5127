"""Projects of programs for qualitative research (REFI-QDA 1.5, .qdpx) as a table, a row for each passage.

Places are code points of the plain text of a source, half-open, counted from 0 (section 10.2 and Annex A).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crm.imports.reading.formats.archives import Archive
from crm.imports.reading.formats.limits import Row
from crm.imports.reading.formats.xmlstream import feed, local, new_parser

PROJECT = "project.qde"
HEADINGS = ["Quote", "Codes", "Source", "External ID"]
_INTERNAL = "internal://"
# What we write ourselves: there a code that cannot be given is the heading of a choice, not a word.
_OURS = "Kwartet"
# The elements that have a text of their own.
_WITH_TEXT = {"TextSource", "Representation", "TextDescription", "Transcript"}
_Attributes = dict[str, str]


@dataclass
class _Code:
    name: str
    # The name of the code above it, where that cannot be given to a passage.
    heading: str


@dataclass
class _Selection:
    about: _Attributes
    codes: list[str] = field(default_factory=list)
    description: str = ""


@dataclass
class _Source:
    about: _Attributes
    text: str = ""
    selections: list[_Selection] = field(default_factory=list)


class _ProjectReader:
    """Handlers for the events of a project file; collects its sources."""

    def __init__(self) -> None:
        self.parser = new_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.is_ours = False
        self.codes: dict[str, _Code] = {}
        self._above: list[_Attributes] = []
        self._open: list[_Source] = []
        self._done: list[_Source] = []
        self._path: list[str] = []
        self._selection: _Selection | None = None

    def take(self) -> list[_Source]:
        done, self._done = self._done, []
        return done

    def _start(self, prefixed: str, about: _Attributes) -> None:
        name = local(prefixed)
        self._path.append(name)
        if name == "Project":
            self.is_ours = about.get("origin") == _OURS
        elif name == "Code":
            self._take_code(about)
        elif name in _WITH_TEXT:
            self._open.append(_Source(about))
        elif name == "PlainTextSelection" and self._open:
            self._selection = _Selection(about)
            self._open[-1].selections.append(self._selection)
        elif name == "CodeRef" and self._selection:
            self._selection.codes.append(_key(about.get("targetGUID", "")))

    def _take_code(self, about: _Attributes) -> None:
        above = self._above[-1] if self._above else {}
        heading = above.get("name", "") if above.get("isCodable") == "false" else ""
        self.codes[_key(about.get("guid", ""))] = _Code(about.get("name", ""), heading)
        self._above.append(about)

    def _text(self, text: str) -> None:
        if self._path[-1] == "PlainTextContent" and self._open:
            self._open[-1].text += text
        elif self._path[-2:] == ["PlainTextSelection", "Description"] and self._selection:
            self._selection.description += text

    def _end(self, prefixed: str) -> None:
        name = local(prefixed)
        self._path.pop()
        if name == "Code":
            self._above.pop()
        elif name == "PlainTextSelection":
            self._selection = None
        elif name in _WITH_TEXT and self._open:
            self._done.append(self._open.pop())


def rows(archive: Archive) -> Iterator[Row]:
    """The headings, then each passage with its codes, the name of its source and its key."""
    reader = _ProjectReader()
    sources = list(feed(reader.parser, archive.blocks(PROJECT), reader.take))
    choices = sorted({code.heading for code in reader.codes.values()} - {""}) if reader.is_ours else []
    more = ["In our words", *choices] if reader.is_ours else []
    yield 1, [*HEADINGS, *more]
    number = 1
    for source in sources:
        text = _text_of(source, archive) if source.selections else ""
        for selection in source.selections:
            number += 1
            yield number, _cells(reader, source, selection, text, choices)


def _cells(
    reader: _ProjectReader, source: _Source, selection: _Selection, text: str, choices: list[str]
) -> list[str]:
    codes = [reader.codes[key] for key in selection.codes if key in reader.codes]
    words = [code.name for code in codes if not (code.heading and reader.is_ours)]
    passage = text[_place(selection, "startPosition") : _place(selection, "endPosition")]
    cells = [
        passage,
        # Semicolons stand between the codes of a cell.
        "; ".join(word.replace(";", ",") for word in words),
        source.about.get("name", ""),
        _key(selection.about.get("guid", "")),
    ]
    if reader.is_ours:
        chosen = {code.heading: code.name for code in codes}
        cells += [selection.description, *(chosen.get(heading, "") for heading in choices)]
    return cells


def _place(selection: _Selection, name: str) -> int:
    """A place in the text, 0 for what is none."""
    text = selection.about.get(name, "").strip()
    return int(text) if text.isdecimal() else 0


def _text_of(source: _Source, archive: Archive) -> str:
    """Either in the project itself or in a file beside it; "" when that lacks."""
    path = source.about.get("plainTextPath", "")
    part = "sources/" + path.removeprefix(_INTERNAL)
    if path.startswith(_INTERNAL) and part in archive:
        return archive.read(part).decode("utf-8-sig", errors="replace")
    return source.text


def _key(guid: str) -> str:
    return guid.strip().strip("{}").lower()
