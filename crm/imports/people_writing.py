"""Contacts as a piece of an import leaves them, written in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection
from django.utils import timezone

from crm import bulk_rows
from crm.contacts.facets import keep_facets
from crm.contacts.indexing import Newcomer, add_documents, keep_documents
from crm.contacts.models import Affiliation, Contact, ContactPoint, Origin
from crm.contacts.names import listed_name
from crm.history.services import keep
from crm.imports.known import OWN_FIELDS, Job, Known, phones_of, surname_of, tags_by_key
from crm.imports.models import ImportBatch
from crm.imports.values import Values
from crm.text import fold
from crm.themes.models import Theme
from crm.themes.services import keys_of_tags

_OWN = frozenset(OWN_FIELDS)
_JOB = frozenset({"organisation", "job_title", "sector"})


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
        for kind, number in phones_of(values):
            if kind in fields and (kind, number) not in person.phones:
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
        if "job_title" in fields:
            job.job_title = values["job_title"]
        if "sector" in fields:
            job.told_sector = job.sector = values["sector"]
        self.jobs[organisation] = job


def new_draft(values: Values, contact: int) -> Draft:
    surname = surname_of(values["infix"], values["family_name"], values["given_name"])
    return Draft(Known(dict.fromkeys(OWN_FIELDS, ""), surname, contact_id=contact), is_new=True)


def write_drafts(batch: ImportBatch, drafts: Sequence[Draft]) -> None:
    """Write everything that is to be written of these, with its history, facets and search documents."""
    new = [draft for draft in drafts if draft.is_new]
    old = [draft for draft in drafts if not draft.is_new]
    _insert_people(batch, new)
    update_people([draft for draft in old if draft.own])
    added, changed = _write_jobs(drafts)
    note = partial(keep, by=batch.created_by, reason=batch.file_name)
    note(Contact, [draft.pk for draft in new], "+")
    note(Contact, [draft.pk for draft in old if draft.own], "~")
    note(ContactPoint, _insert_points(drafts), "+")
    note(Affiliation, added, "+")
    note(Affiliation, changed, "~")
    note(Contact.themes.through, _insert_themes(drafts), "+")
    note(Contact.tags.through, _insert_tags(drafts), "+")
    _add_documents(new)
    keep_documents(draft.pk for draft in old if draft.own or draft.points or draft.jobs)
    keep_facets(draft.pk for draft in old if "last_spoken" in draft.own)
    touch(draft.pk for draft in old if draft.is_filled)


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


def _insert_points(drafts: Iterable[Draft]) -> list[int]:
    found = [(draft.pk, *point) for draft in drafts for point in draft.points]
    numbers = bulk_rows.reserve(ContactPoint, len(found))
    rows = [(number, *row) for number, row in zip(numbers, found, strict=True)]
    bulk_rows.insert(ContactPoint, ("id", "contact_id", "kind", "value", "preferred"), rows)
    return numbers


def _write_jobs(drafts: Iterable[Draft]) -> tuple[list[int], list[int]]:
    """(those added, those changed)."""
    jobs = [(draft.pk, place, job) for draft in drafts for place, job in draft.jobs.items()]
    new = [one for one in jobs if one[2].pk is None]
    old = [job for _contact, _place, job in jobs if job.pk is not None]
    numbers = bulk_rows.reserve(Affiliation, len(new))
    bulk_rows.insert(
        Affiliation,
        ("id", "contact_id", "organisation_id", "job_title", "sector"),
        [
            (number, contact, place, job.job_title, job.told_sector)
            for number, (contact, place, job) in zip(numbers, new, strict=True)
        ],
    )
    bulk_rows.update(
        Affiliation, ("job_title", "sector"), [(job.pk, job.job_title, job.told_sector) for job in old]
    )
    return numbers, [job.pk for job in old if job.pk is not None]


def _insert_themes(drafts: Iterable[Draft]) -> list[int]:
    themes = dict(Theme.objects.values_list("name_nl", "pk"))
    found = [(draft.pk, themes[name]) for draft in drafts for name in sorted(draft.themes) if name in themes]
    return _insert_links(Contact.themes.through, "theme_id", found)


def _insert_tags(drafts: Sequence[Draft]) -> list[int]:
    wanted = {key: name for draft in drafts for key, name in draft.tags.items()}
    tags = keys_of_tags(wanted)
    found = [(draft.pk, tags[key]) for draft in drafts for key in draft.tags]
    return _insert_links(Contact.tags.through, "tag_id", found)


def _insert_links(through: Any, other: str, found: Sequence[tuple[int, int]]) -> list[int]:
    numbers = bulk_rows.reserve(through, len(found))
    rows = [(number, *row) for number, row in zip(numbers, found, strict=True)]
    bulk_rows.insert(through, ("id", "contact_id", other), rows)
    return numbers


def _add_documents(drafts: Iterable[Draft]) -> None:
    add_documents(
        [
            Newcomer(
                draft.pk,
                draft.person.name["given_name"],
                draft.person.name["family_name"],
                draft.person.name["initials"],
                draft.person.name["infix"],
                draft.person.emails,
                list(draft.jobs),
            )
            for draft in drafts
        ]
    )
