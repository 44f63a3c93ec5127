"""Statements as a REFI-QDA project (.qdpx), which ATLAS.ti, MAXQDA, NVivo and others open.

Either with the whole notes, for the core team, or with what may leave it: then the sources are made of the
words of released statements, one for each O, so that nothing stands beside what the same person said under
their name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.base.sectors import Sector
from engagement.codes.tree import in_order
from engagement.exchange.refi import (
    ORIGIN,
    add,
    add_code,
    add_codes,
    add_sets_of_themes,
    as_bytes,
    describe,
    guid,
    guid_of,
    moment,
)
from engagement.statements.attribution import Attribution, attribution, released, trusted_with
from engagement.statements.models import (
    Anchor,
    Aspect,
    Stance,
    Statement,
    StatementQuerySet,
    Writeup,
    WriteupQuerySet,
)
from engagement.statements.sources import title_of

_APART = "\n\n"


@dataclass(frozen=True)
class Passage:
    """A statement in the text of a source: its code points, half-open (section 10.2, Annex A)."""

    statement: Statement
    by: Attribution
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    guid: str
    name: str
    text: str
    passages: Sequence[Passage]


def released_project() -> bytes:
    """What may leave the core team."""
    return _packed(_released_sources(_rows(Statement.objects.releasable())), [])


def whole_project(reader: User) -> bytes:
    """With the notes that `reader` may read, and who said what and who coded it."""
    writeups = Writeup.objects.readable_by(reader)
    rows = _rows(Statement.objects.filter(writeup__in=writeups))
    loose = _rows(Statement.objects.filter(writeup=None))
    sources = [
        *_whole_sources(writeups, rows, reader),
        *_joined(_("Other statements"), "loose", loose, reader),
    ]
    coders = {one.coder_id: str(one.coder) for row in [*rows, *loose] for one in row.coded.all()}
    return _packed(sources, sorted(coders.items()))


def _rows(statements: StatementQuerySet) -> list[Statement]:
    rows = statements.select_related(
        "writeup", "speaker__contact", "speaker__organisation", "latest_response"
    ).prefetch_related("coded__coder")
    return list(rows.order_by("pk"))


def _released_sources(rows: Iterable[Statement]) -> Iterator[Source]:
    # In the order of keys that say nothing, so that neighbours are not what one person said.
    found = sorted(((one, released(one)) for one in rows), key=lambda pair: pair[0].uuid.int)
    for sector in [*Sector.values, ""]:
        pairs = [pair for pair in found if pair[1].sector == sector]
        if pairs:
            name = str(Sector(sector).label) if sector else _("O unknown")
            yield _of_words(guid("released", sector), name, pairs)


def _joined(name: str, key: str, rows: Sequence[Statement], reader: User) -> list[Source]:
    pairs = [(one, attribution(one, reader)) for one in rows]
    return [_of_words(guid("source", key), name, pairs)] if pairs else []


def _of_words(key: str, name: str, pairs: Iterable[tuple[Statement, Attribution]]) -> Source:
    """A source that is made of the words of statements."""
    parts: list[str] = []
    passages: list[Passage] = []
    at = 0
    for statement, by in pairs:
        passages.append(Passage(statement, by, at, at + len(statement.words)))
        parts.append(statement.words)
        at += len(statement.words) + len(_APART)
    return Source(key, name, _APART.join(parts), passages)


def _whole_sources(writeups: WriteupQuerySet, rows: Iterable[Statement], reader: User) -> Iterator[Source]:
    """The notes with the passages in them, and for those that hang on them no more a source beside it."""
    trusted = trusted_with(reader)
    placed: dict[int, list[Passage]] = {}
    others: dict[int, list[tuple[Statement, Attribution]]] = {}
    for one in rows:
        by = attribution(one, reader, trusted=trusted)
        if one.anchor == Anchor.IN_PLACE:
            placed.setdefault(one.writeup_id or 0, []).append(Passage(one, by, one.start or 0, one.end or 0))
        else:
            others.setdefault(one.writeup_id or 0, []).append((one, by))
    for writeup in writeups.order_by("pk"):
        name = title_of(writeup)
        yield Source(guid("notes", writeup.pk), name, writeup.text, placed.get(writeup.pk, []))
        if writeup.pk in others:
            beside = _("%(notes)s: no longer in the notes") % {"notes": name}
            yield _of_words(guid("beside", writeup.pk), beside, others[writeup.pk])


def _packed(sources: Iterable[Source], coders: Sequence[tuple[int, str]]) -> bytes:
    """The project file and the texts as an archive (section 8)."""
    there = list(sources)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", as_bytes(_project(there, coders)))
        for source in there:
            archive.writestr(f"sources/{source.guid}.txt", source.text.encode())
    return file.getvalue()


def _project(sources: Sequence[Source], coders: Sequence[tuple[int, str]]) -> Element:
    root = Element(
        "Project",
        {
            "xmlns": "urn:QDA-XML:project:1.0",
            "name": ORIGIN,
            "origin": ORIGIN,
            "creationDateTime": moment(),
        },
    )
    if coders:
        users = add(root, "Users")
        for key, name in coders:
            add(users, "User", guid=guid("user", key), name=name)
    branches = in_order()
    codes = add(add(root, "CodeBook"), "Codes")
    add_codes(codes, branches)
    _add_choices(codes)
    passages = [passage for source in sources for passage in source.passages]
    _add_cases(root, passages)
    if sources:
        texts = add(root, "Sources")
        for source in sources:
            _add_source(texts, source, {key for key, _name in coders})
    add_sets_of_themes(root, branches, "targetGUID")
    return root


def _add_choices(codes: Element) -> None:
    """Kind and aspect, as codes under a heading each: other programs know nothing else for them."""
    for kind, heading, choices in (
        ("stance", _("Kind of statement"), Stance),
        ("aspect", _("Aspect"), Aspect),
    ):
        above = add_code(codes, "choices", kind, heading, codable=False)
        for value, label in choices.choices:
            add_code(above, kind, value, str(label))


def _add_cases(root: Element, passages: Iterable[Passage]) -> None:
    """Who spoke, with their function, organisation and O, as far as it is shown, and all that they said."""
    spoken: dict[tuple[str, str, str, str], list[Passage]] = {}
    for passage in passages:
        by = passage.by
        if by.name or by.organisation_name:
            who = (by.name or by.organisation_name, by.job_title, by.organisation_name, by.sector)
            spoken.setdefault(who, []).append(passage)
    if not spoken:
        return
    names = {"function": _("Function"), "organisation": _("Organisation"), "sector": _("O")}
    variables = add(root, "Variables")
    for key, name in names.items():
        add(variables, "Variable", guid=guid("variable", key), name=name, typeOfVariable="Text")
    cases = add(root, "Cases")
    for who, theirs in sorted(spoken.items(), key=lambda pair: pair[0]):
        name, job_title, organisation, sector = who
        case = add(cases, "Case", guid=guid("case", who), name=name)
        values = (job_title, organisation, str(Sector(sector).label) if sector else "")
        for key, value in zip(names, values, strict=True):
            if value:
                one = add(case, "VariableValue")
                add(one, "VariableRef", targetGUID=guid("variable", key))
                add(one, "TextValue").text = value
        for passage in theirs:
            add(case, "SelectionRef", targetGUID=guid_of(passage.statement.uuid))


def _add_source(texts: Element, source: Source, coders: set[int]) -> None:
    path = f"internal://{source.guid}.txt"
    element = add(texts, "TextSource", guid=source.guid, name=source.name, plainTextPath=path)
    for passage in source.passages:
        statement = passage.statement
        selection = add(
            element,
            "PlainTextSelection",
            guid=guid_of(statement.uuid),
            name=statement.words[:100],
            startPosition=str(passage.start),
            endPosition=str(passage.end),
        )
        describe(
            selection,
            statement.wording if source.text[passage.start : passage.end] != statement.words else "",
        )
        _add_codings(selection, statement, coders)


def _add_codings(selection: Element, statement: Statement, coders: set[int]) -> None:
    given: list[tuple[str, Any, dict[str, str]]] = []
    for one in statement.coded.all():
        by = {"creatingUser": guid("user", one.coder_id)} if one.coder_id in coders else {}
        given.append(("code", one.code_id, by))
    given += [(kind, value, {}) for kind in ("stance", "aspect") if (value := getattr(statement, kind))]
    for kind, key, by in given:
        coding = add(selection, "Coding", guid=guid("coding", (statement.uuid, kind, key)), **by)
        add(coding, "CodeRef", targetGUID=guid(kind, key))
