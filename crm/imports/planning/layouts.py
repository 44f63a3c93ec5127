"""What a layout is, what its columns hold, and whether a person has to look at that first."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from crm.base.said import Said
from crm.base.text import fold
from crm.exchange.theme_words import ThemeFinder
from crm.imports.columns.headings import IGNORED, PERSON_FIELDS, field_of
from crm.imports.columns.mapping import Mapping, map_columns
from crm.imports.kinds import KINDS, claiming
from crm.imports.models import ImportLayout
from crm.imports.reading.stream import ReadingError, TableStream
from crm.imports.said import NO_HEADINGS

# Separators behind the last heading, which come and go with the program that saves the file.
_MOST_BEHIND = 9


@dataclass(frozen=True)
class Layout:
    """How the rows of a file are read. `remembered` is what a person confirmed for such a file before."""

    kind: str
    mapping: Mapping
    sector: str = ""
    remembered: ImportLayout | None = None


def fingerprint(headings: Sequence[str]) -> str:
    """The same for files with the same headings in the same order, whatever their case and accents."""
    return sha256("\n".join(fold(heading) for heading in headings).encode()).hexdigest()


def _remembered(headings: list[str]) -> ImportLayout | None:
    """What was confirmed for these headings, else for these with more or fewer cells behind the last."""
    named = max((at for at, heading in enumerate(headings, 1) if heading), default=0)
    others = [headings[:named] + [""] * more for more in range(_MOST_BEHIND)]
    wanted = [fingerprint(one) for one in (headings, *others)]
    found = {one.fingerprint: one for one in ImportLayout.objects.filter(fingerprint__in=wanted)}
    return next((found[one] for one in wanted if one in found), None)


def layout_of(stream: TableStream, *, kind: str = "", sector: str = "") -> Layout:
    """As remembered, else as recognised; what is given goes before both."""
    sample = [row.cells for row in stream.sample]
    name = kind or claiming(stream.headings, sample)
    mapping: Mapping = KINDS[name].map_columns(stream.headings, sample)
    remembered = _remembered(mapping.headings)
    if remembered and (kind or remembered.kind) == remembered.kind:
        width = len(mapping.headings)
        mapping = Mapping(mapping.headings, (remembered.fields + [""] * width)[:width])
        return Layout(remembered.kind, mapping, sector or remembered.sector, remembered)
    return Layout(name, mapping, sector)


def map_people(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> Mapping:
    """As crm/imports/columns recognises the columns of a list of people or organisations."""
    return map_columns(headings, sample, ThemeFinder().one)


def only_organisations(mapping: Mapping) -> bool:
    """Whether only organisations have a name in it."""
    if (
        not mapping.has("organisation")
        and mapping.has("external_id", "alias", "website")
        and not mapping.has("email")
    ):
        return True
    return mapping.has("organisation") and not mapping.has(*PERSON_FIELDS)


def problem_of(layout: Layout) -> Said | None:
    """Why no row could become anything, None when the columns will do."""
    if not any(layout.mapping.fields):
        return NO_HEADINGS()
    return KINDS[layout.kind].lacks(layout.mapping)


def check(layout: Layout) -> Layout:
    if problem := problem_of(layout):
        raise ReadingError(problem)
    return layout


def is_clear(layout: Layout) -> bool:
    """Whether nobody need look before the plan is made: known, or every column means something."""
    if problem_of(layout):
        return False
    if KINDS[layout.kind].needs_sector and not (layout.sector or layout.mapping.has("sector")):
        return False
    pairs = layout.mapping.pairs()
    return (
        bool(layout.remembered)
        or layout.mapping.has("kwartet_number")
        or (
            any(layout.mapping.headings)
            and all(found or not heading or field_of(heading) == IGNORED for heading, found in pairs)
        )
    )
