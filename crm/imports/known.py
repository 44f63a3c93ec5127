"""What is known of a person, in the same words as a row: the basis of every comparison."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.names import surname_key
from crm.contacts.search_documents import one_by_one
from crm.imports.planned import PlannedRow
from crm.imports.values import Values
from crm.organisations.models import OrganisationSector
from crm.preferences.models import Channel, Preference
from crm.text import fold

NAME_FIELDS = ("given_name", "initials", "infix", "family_name")
ADDRESS_FIELDS = ("form_of_address", "titles_before", "titles_after", "language")
# Fields of the contact itself that a row may fill.
OWN_FIELDS = (*NAME_FIELDS, *ADDRESS_FIELDS, "external_id")
PERMISSIONS = {"may_invite": "invitation", "newsletter": "newsletter"}
_NAMES = {purpose: name for name, purpose in PERMISSIONS.items()}


@dataclass(slots=True)
class Job:
    """`pk` is that of the affiliation, None while there is none; `told_sector` is its own, `sector` what it
    speaks for.
    """

    organisation: str = ""
    job_title: str = ""
    sector: str = ""
    pk: int | None = None
    told_sector: str = ""


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
    jobs = {organisation: Job(values["organisation"], values["job_title"], values["sector"])}
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
    rows = Contact.objects.filter(pk__in=here).order_by("pk")
    people: dict[int, Known] = {}
    for pk, spoken, told, surname, *parts in rows.values_list(
        "pk", "last_heard_on", "told_heard_on", "surname_key", *OWN_FIELDS
    ):
        name = dict(zip(OWN_FIELDS, parts, strict=True))
        people[pk] = person = Known(name, surname, contact_id=pk)
        person.last_spoken = spoken.isoformat() if spoken else ""
        person.told_spoken = told.isoformat() if told else ""
    _add_points(people, numbers)
    _add_jobs(people, numbers)
    _add_themes(people, numbers)
    _add_tags(people, numbers)
    _add_permissions(people, numbers)
    return people


def _add_points(people: dict[int, Known], numbers: list[int]) -> None:
    points = ContactPoint.objects.filter(contact__in=one_by_one(numbers, "default"))
    for contact, kind, value, preferred in points.order_by("-preferred", "pk").values_list(
        "contact", "kind", "value", "preferred"
    ):
        person = people[contact]
        if kind == "email":
            person.emails.append(value)
        else:
            person.phones.append((kind, value))
        if preferred:
            person.preferred.add((kind, value))


def _add_jobs(people: dict[int, Known], numbers: list[int]) -> None:
    every = Affiliation.objects.filter(contact__in=one_by_one(numbers, "default"))
    fields = ("contact", "organisation", "organisation__name", "job_title", "sector", "pk")
    jobs = every.order_by("-started_on", "pk").values_list(*fields, "ended_on")
    rows = [row[:-1] for row in jobs if row[-1] is None]
    sectors = only_sectors({row[1] for row in rows if not row[4]})
    for contact, organisation, name, title, told, pk in rows:
        spoken = told or sectors.get(organisation, "")
        people[contact].jobs[f"#{organisation}"] = Job(name, title, spoken, pk, told)


def only_sectors(organisations: set[int]) -> dict[int, str]:
    """The sector of each of those that have exactly one."""
    rows = OrganisationSector.objects.filter(organisation__in=one_by_one(sorted(organisations), "default"))
    found: dict[int, list[str]] = {}
    for organisation, sector in rows.values_list("organisation", "sector"):
        found.setdefault(organisation, []).append(sector)
    return {organisation: codes[0] for organisation, codes in found.items() if len(codes) == 1}


def _add_themes(people: dict[int, Known], numbers: list[int]) -> None:
    through = Contact.themes.through.objects.filter(contact__in=one_by_one(numbers, "default"))
    for contact, name in through.values_list("contact", "theme__name_nl"):
        people[contact].themes.add(name)


def _add_tags(people: dict[int, Known], numbers: list[int]) -> None:
    through = Contact.tags.through.objects.filter(contact__in=one_by_one(numbers, "default"))
    for contact, key, name in through.order_by("tag__key").values_list("contact", "tag__key", "tag__name"):
        people[contact].tags[key] = name


def _add_permissions(people: dict[int, Known], numbers: list[int]) -> None:
    told = Preference.objects.filter(contact__in=one_by_one(numbers, "default"))
    for contact, purpose, channel, allowed in told.values_list("contact", "purpose", "channel", "allowed"):
        if channel == Channel.EMAIL and purpose in _NAMES:
            people[contact].permissions[_NAMES[purpose]] = allowed
