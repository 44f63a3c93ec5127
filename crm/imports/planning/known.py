"""What is known of a person, in the same words as a row: the basis of every comparison."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from crm.base.bulk_rows import answers, one_by_one
from crm.base.text import fold
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.names import surname_key
from crm.imports.columns.values import Values
from crm.imports.planning.planned import PlannedRow
from crm.organisations.models import OrganisationSector
from crm.preferences.models import Channel, Preference

NAME_FIELDS = ("given_name", "initials", "infix", "family_name")
ADDRESS_FIELDS = ("form_of_address", "titles_before", "titles_after", "language")
# Fields of the contact itself that a row may fill.
OWN_FIELDS = (*NAME_FIELDS, *ADDRESS_FIELDS, "external_id")
PERMISSIONS = {"may_invite": "invitation", "newsletter": "newsletter"}
Rows = Iterable[tuple[Any, ...]]
_NAMES = {purpose: name for name, purpose in PERMISSIONS.items()}


@dataclass(slots=True)
class Job:
    """`texts` are those of Affiliation.TEXTS that are known; `pk` is that of the affiliation, None while
    there is none; `told_sector` is its own, `sector` what it speaks for.
    """

    organisation: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    sector: str = ""
    pk: int | None = None
    told_sector: str = ""

    def in_order(self) -> tuple[str, ...]:
        """All of Affiliation.TEXTS, "" for what is not known."""
        return tuple([self.texts.get(name, "") for name in Affiliation.TEXTS])

    def says_the_same(self, values: Values) -> bool:
        """Whether all of it is as a row with these values tells."""
        texts = all(self.texts.get(name, "") == values[name] for name in Affiliation.TEXTS)
        return texts and self.told_sector == values["sector"]


@dataclass(slots=True, eq=False)
class Known:
    """One person, equal to nobody else. `row` is the first row of this file that is this person.

    `jobs` are by "#" and the key of the organisation, or by the key of its name while it is not there.
    """

    name: dict[str, str]
    surname: str
    emails: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    themes: set[str] = field(default_factory=set)
    # By their key, under which two spellings are one.
    tags: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, bool | None] = field(default_factory=dict)
    # When they were last heard, and what of that a spreadsheet told.
    last_spoken: str = ""
    told_spoken: str = ""
    contact_id: int | None = None
    row: PlannedRow | None = None
    # (kind, value) of each address that is the preferred one of its kind.
    preferred: set[tuple[str, str]] = field(default_factory=set)

    @property
    def addresses(self) -> list[str]:
        return [*self.emails, *(number for _kind, number in self.phones)]


def from_values(values: Values, organisation: str) -> Known:
    """The person that a row describes; `organisation` is the key of where they work."""
    get = values.get
    texts = {name: values[name] for name in Affiliation.TEXTS}
    jobs = {organisation: Job(values["organisation"], texts, values["sector"])}
    email, others = values["email"], get("other_emails")
    return Known(
        name={part: get(part, "") for part in OWN_FIELDS},
        surname=surname_of(values["infix"], values["family_name"], values["given_name"]),
        emails=[email, *(others or [])] if email else [],
        phones=phones_of(values),
        jobs=jobs if organisation else {},
        themes=set(values["themes"]),
        tags=tags_by_key(values["tags"]),
        permissions={"may_invite": values["may_invite"], "newsletter": values["newsletter"]},
        last_spoken=values["last_spoken"],
    )


def tags_by_key(names: Iterable[str]) -> dict[str, str]:
    """As Tag.key tells them apart."""
    return {fold(name): name for name in names}


def surname_of(infix: str, family_name: str, given_name: str) -> str:
    """As Contact.surname_key."""
    return (_surname(infix, family_name) or surname_key("", "", given_name))[:200]


@lru_cache(5_000)
def _surname(infix: str, family_name: str) -> str:
    return surname_key(infix, family_name, "")


def phones_of(values: Values) -> list[tuple[str, str]]:
    """(kind, number) of every telephone number in a row."""
    found = [(kind, values[kind]) for kind in ("mobile", "phone") if values[kind]]
    for kind, others in (("mobile", "other_mobiles"), ("phone", "other_phones")):
        if others in values:
            found += [(kind, number) for number in values[others]]
    return found


def load_people(contacts: Iterable[int]) -> dict[int, Known]:
    """What is known of these contacts, in a fixed number of queries.

    They ask for the contacts alone and the rest is sorted out here: PostgreSQL may take any other condition
    for a rare one, and begin there.
    """
    numbers = sorted(set(contacts))
    if not numbers:
        return {}
    here = one_by_one(numbers, "default")
    questions = [Contact.objects.filter(pk__in=here).order_by("pk").values_list(*_OF_THEMSELVES)]
    for model, order, fields, _add in _PARTS:
        questions.append(model.objects.filter(contact__in=here).order_by(*order).values_list(*fields))
    people: dict[int, Known] = {}
    adding = [_add_people, *(add for *_question, add in _PARTS)]
    for add, rows in zip(adding, answers(questions), strict=True):
        add(people, rows)
    _add_sectors(people)
    return people


def only_sectors(organisations: set[int]) -> dict[int, str]:
    """The sector of each of those that have exactly one."""
    rows = OrganisationSector.objects.filter(organisation__in=one_by_one(sorted(organisations), "default"))
    found: dict[int, list[str]] = {}
    for organisation, sector in rows.values_list("organisation", "sector"):
        found.setdefault(organisation, []).append(sector)
    return {organisation: codes[0] for organisation, codes in found.items() if len(codes) == 1}


def _add_people(people: dict[int, Known], rows: Rows) -> None:
    for pk, spoken, told, surname, *parts in rows:
        name = dict(zip(OWN_FIELDS, parts, strict=True))
        people[pk] = person = Known(name, surname, contact_id=pk)
        person.last_spoken = spoken.isoformat() if spoken else ""
        person.told_spoken = told.isoformat() if told else ""


def _add_points(people: dict[int, Known], rows: Rows) -> None:
    for contact, kind, value, preferred in rows:
        person = people[contact]
        if kind == "email":
            person.emails.append(value)
        else:
            person.phones.append((kind, value))
        if preferred:
            person.preferred.add((kind, value))


def _add_jobs(people: dict[int, Known], rows: Rows) -> None:
    for contact, organisation, name, told, pk, ended_on, *texts in rows:
        if ended_on is None:
            said = dict(zip(Affiliation.TEXTS, texts, strict=True))
            people[contact].jobs[f"#{organisation}"] = Job(name, said, told, pk, told)


def _add_sectors(people: dict[int, Known]) -> None:
    """Who does not say for which O they speak, speaks for that of the organisation."""
    silent = [
        (int(place[1:]), job)
        for person in people.values()
        for place, job in person.jobs.items()
        if not job.sector
    ]
    sectors = only_sectors({organisation for organisation, _job in silent})
    for organisation, job in silent:
        job.sector = sectors.get(organisation, "")


def _add_themes(people: dict[int, Known], rows: Rows) -> None:
    for contact, name in rows:
        people[contact].themes.add(name)


def _add_tags(people: dict[int, Known], rows: Rows) -> None:
    for contact, key, name in rows:
        people[contact].tags[key] = name


def _add_permissions(people: dict[int, Known], rows: Rows) -> None:
    for contact, purpose, channel, allowed in rows:
        if channel == Channel.EMAIL and purpose in _NAMES:
            people[contact].permissions[_NAMES[purpose]] = allowed


_OF_THEMSELVES = ("pk", "last_heard_on", "told_heard_on", "surname_key", *OWN_FIELDS)
# What belongs to people: (where it is, in which order, what of it, how it is added).
_PARTS: list[tuple[Any, tuple[str, ...], tuple[str, ...], Callable[[dict[int, Known], Rows], None]]] = [
    (ContactPoint, ("-preferred", "pk"), ("contact", "kind", "value", "preferred"), _add_points),
    (
        Affiliation,
        ("-started_on", "pk"),
        (
            *("contact", "organisation", "organisation__name", "sector", "pk", "ended_on"),
            *Affiliation.TEXTS,
        ),
        _add_jobs,
    ),
    (Contact.themes.through, (), ("contact", "theme__name_nl"), _add_themes),
    (Contact.tags.through, ("tag__key",), ("contact", "tag__key", "tag__name"), _add_tags),
    (Preference, (), ("contact", "purpose", "channel", "allowed"), _add_permissions),
]
