"""Contacts as a piece of an import leaves them, written in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.base import bulk_rows
from crm.base.happenings import FOUND_BY, HEARD
from crm.base.text import fold
from crm.base.tracking import keep
from crm.contacts.indexing import Newcomer, names_of
from crm.contacts.models import Affiliation, Contact, ContactPoint, Origin
from crm.contacts.names import listed_name
from crm.imports.columns.values import Values
from crm.imports.models import ImportBatch
from crm.imports.planning.differences import new_phones
from crm.imports.planning.known import OWN_FIELDS, Job, Known, surname_of, tags_by_key
from crm.imports.said import FILE
from crm.themes.models import Theme
from crm.themes.services import keys_of_tags

# More keys than are likely to be needed: none of the parts is like another.
_SPARE = 1.1
# Rows with their primary key, by what they are.
Numbered = dict[Any, list[bulk_rows.Row]]
_BELONGINGS: dict[Any, tuple[str, ...]] = {
    ContactPoint: ("id", "contact_id", "kind", "value", "preferred"),
    Affiliation: ("id", "contact_id", "organisation_id", *Affiliation.TEXTS, "sector"),
    Contact.themes.through: ("id", "contact_id", "theme_id"),
    Contact.tags.through: ("id", "contact_id", "tag_id"),
}
_OWN = frozenset(OWN_FIELDS)
_JOB = frozenset({"organisation", *Affiliation.TEXTS, "sector"})


@dataclass(slots=True)
class Draft:
    """One contact: `person` as it will be, and what of it is to be written."""

    person: Known
    is_new: bool
    own: set[str] = field(default_factory=set)
    points: list[tuple[str, str, bool]] = field(default_factory=list)
    jobs: dict[int, Job] = field(default_factory=dict)
    themes: set[str] = field(default_factory=set)
    # By their key.
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_filled(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.own or self.points or self.jobs or self.themes or self.tags)

    @property
    def touches(self) -> frozenset[str]:
        """What a happening must be followed by: see crm.base.happenings."""
        found_by = {FOUND_BY} if self.own or self.points or self.jobs else set()
        return frozenset(found_by | ({HEARD} if "last_spoken" in self.own else set()))

    @property
    def pk(self) -> int:
        return self.person.contact_id or 0

    def take(self, values: Values, fields: set[str], organisation: int | None) -> None:
        """Let the row with these `values` fill `fields`."""
        own = fields & _OWN
        for part in own:
            self.person.name[part] = values[part]
        self.own |= own
        if "last_spoken" in fields and values["last_spoken"] > self.person.last_spoken:
            self.person.last_spoken = self.person.told_spoken = values["last_spoken"]
            self.own.add("last_spoken")
        self._take_addresses(values, fields)
        if organisation is not None and fields & _JOB:
            self._take_job(values, fields, organisation)
        if "themes" in fields:
            added = set(values["themes"]) - self.person.themes
            self.themes |= added
            self.person.themes |= added
        if "tags" in fields:
            new = {k: name for k, name in tags_by_key(values["tags"]).items() if k not in self.person.tags}
            self.tags |= new
            self.person.tags |= new

    def _take_addresses(self, values: Values, fields: set[str]) -> None:
        """Add those that are not there yet; the first of its kind becomes the preferred one."""
        person = self.person
        if "email" in fields and values["email"]:
            for email in (values["email"], *values.get("other_emails", ())):
                if email not in person.emails:
                    person.emails.append(email)
                    self._add_point("email", email)
        for kind, number in new_phones(person, values):
            if kind in fields:
                person.phones.append((kind, number))
                self._add_point(kind, number)

    def _add_point(self, kind: str, value: str) -> None:
        preferred = self.person.preferred
        first = all(taken != kind for taken, _value in preferred)
        if first:
            preferred.add((kind, value))
        self.points.append((kind, value, first))

    def _take_job(self, values: Values, fields: set[str], organisation: int) -> None:
        job = self.person.jobs.setdefault(f"#{organisation}", Job(values["organisation"]))
        job.texts |= {name: values[name] for name in Affiliation.TEXTS if name in fields}
        if "sector" in fields:
            job.told_sector = job.sector = values["sector"]
        self.jobs[organisation] = job


def new_draft(values: Values, contact: int) -> Draft:
    surname = surname_of(values["infix"], values["family_name"], values["given_name"])
    return Draft(Known(dict.fromkeys(OWN_FIELDS, ""), surname, contact_id=contact), is_new=True)


class DraftWriter:
    """Writes everything that is to be written of drafts, with its history.

    What it must know of the database it asks at once, as far as it can be told beforehand, so that writing
    a second part need not wait for the first. `organisations` are those that are there already.
    """

    def __init__(self, batch: ImportBatch, organisations: set[int]) -> None:
        self._batch = batch
        self._note = partial(keep, by=batch.created_by, reason=FILE(name=batch.file_name))
        self._names = names_of(organisations)
        self._theme_keys = dict(Theme.objects.values_list("name_nl", "pk"))
        self._tag_keys: dict[str, int] = {}
        # Primary keys that are not used yet.
        self._free: defaultdict[Any, list[int]] = defaultdict(list)

    def name(self, organisation: int, name: str) -> None:
        """It was made just now."""
        self._names[organisation] = [name]

    def newcomer(self, draft: Draft) -> Newcomer:
        """What somebody new is found by."""
        name = draft.person.name
        names = (name["given_name"], name["family_name"], name["initials"], name["infix"])
        places = [word for organisation in draft.jobs for word in self._names[organisation]]
        return Newcomer(draft.pk, *names, draft.person.emails, places)

    def numbered(self, drafts: Sequence[Draft], times: float) -> Numbered:
        """What belongs to `drafts`, ready to be written.

        So many `times` as much is still to be written, this included: keys are asked for all of it at once,
        since a question waits for what is being written.
        """
        found: Numbered = {
            ContactPoint: [(draft.pk, *point) for draft in drafts for point in draft.points],
            Affiliation: list(_new_jobs(drafts)),
            Contact.themes.through: self._themes_of(drafts),
            Contact.tags.through: self._tags_of(drafts),
        }
        return {model: self._numbered(model, rows, times) for model, rows in found.items()}

    def write(self, drafts: Sequence[Draft], numbered: Numbered) -> None:
        new = [draft for draft in drafts if draft.is_new]
        self._write_people(new)
        for model, rows in numbered.items():
            bulk_rows.insert(model, _BELONGINGS[model], rows)
            self._note(model, [row[0] for row in rows], "+")
        if len(new) < len(drafts):
            self._change_those_known([draft for draft in drafts if not draft.is_new])

    def _numbered(self, model: Any, found: Sequence[bulk_rows.Row], times: float) -> list[bulk_rows.Row]:
        """Each with a primary key before it."""
        free = self._free[model]
        if (missing := len(found) - len(free)) > 0:
            free += bulk_rows.reserve(model, missing + ceil(missing * (times - 1) * _SPARE))
        numbers, self._free[model] = free[: len(found)], free[len(found) :]
        return [(number, *row) for number, row in zip(numbers, found, strict=True)]

    def _themes_of(self, drafts: Iterable[Draft]) -> list[bulk_rows.Row]:
        """(contact, theme) of each that is new to somebody."""
        keys = self._theme_keys
        return [(draft.pk, keys[name]) for draft in drafts for name in sorted(draft.themes) if name in keys]

    def _tags_of(self, drafts: Sequence[Draft]) -> list[bulk_rows.Row]:
        """The same of tags."""
        named = {key: name for draft in drafts for key, name in draft.tags.items()}
        if unknown := {key: name for key, name in named.items() if key not in self._tag_keys}:
            self._tag_keys |= keys_of_tags(unknown)
        return [(draft.pk, self._tag_keys[key]) for draft in drafts for key in draft.tags]

    def _write_people(self, new: Sequence[Draft]) -> None:
        _insert_people(self._batch, new)
        self._note(Contact, [draft.pk for draft in new], "+")

    def _change_those_known(self, old: Sequence[Draft]) -> None:
        renamed = [draft for draft in old if draft.own]
        update_people(renamed)
        self._note(Contact, [draft.pk for draft in renamed], "~")
        jobs = [job for draft in old for job in draft.jobs.values() if job.pk is not None]
        bulk_rows.update(
            Affiliation,
            (*Affiliation.TEXTS, "sector"),
            [(job.pk, *job.in_order(), job.told_sector) for job in jobs],
        )
        self._note(Affiliation, [job.pk for job in jobs if job.pk is not None], "~")
        touch(draft.pk for draft in old if draft.is_filled)


def _new_jobs(drafts: Iterable[Draft]) -> Iterator[bulk_rows.Row]:
    for draft in drafts:
        for place, job in draft.jobs.items():
            if job.pk is None:
                yield draft.pk, place, *job.in_order(), job.told_sector


def _columns_of(person: Known) -> bulk_rows.Row:
    name = person.name
    first = name["given_name"] or name["initials"]
    sort_key = fold(listed_name(name["family_name"], name["infix"], first))[:300]
    own = [name[part] for part in OWN_FIELDS]
    return (person.contact_id, *own, sort_key, person.surname, person.told_spoken or None)


_COLUMNS = (*OWN_FIELDS, "sort_key", "surname_key", "told_heard_on")


def _insert_people(batch: ImportBatch, drafts: Sequence[Draft]) -> None:
    """Of somebody new nothing else is known, so the last time that they were heard is what the file tells."""
    for draft in drafts:
        draft.person.name["language"] = draft.person.name["language"] or "nl"
    rows = [(*_columns_of(draft.person), draft.person.told_spoken or None) for draft in drafts]
    bulk_rows.insert(
        Contact, ("id", *_COLUMNS, "last_heard_on"), rows, origin=Origin.IMPORT, import_batch=batch
    )


def update_people(drafts: Sequence[Draft]) -> None:
    bulk_rows.update(Contact, _COLUMNS, [_columns_of(draft.person) for draft in drafts])


def touch(contacts: Iterable[int]) -> None:
    """They were changed now: by that they are looked at anew for duplicates, and told to other programs."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    bulk_rows.update(Contact, ("updated_at",), [(contact, now) for contact in sorted(contacts)])
