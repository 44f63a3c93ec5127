"""What is known of a person or an organisation, in the same words as a row: the basis of every comparison."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crm.contacts.models import Affiliation, Contact, ContactQuerySet
from crm.contacts.models import ContactPoint as Point
from crm.imports.planned import PlannedRow
from crm.imports.rows import Values
from crm.organisations.models import Organisation, OrganisationAlias
from crm.organisations.names import organisation_key

NAME_FIELDS = ("given_name", "initials", "infix", "family_name")
ADDRESS_FIELDS = ("form_of_address", "titles_before", "titles_after", "language")
PERMISSIONS = {"may_invite": "invitation", "newsletter": "newsletter"}


class OrganisationKeys:
    """Which names are one organisation: by the database with its aliases, else by the key of the name."""

    def __init__(self, *, only: str | None = None) -> None:
        """All of them, or with `only` those that one name needs."""
        own = Organisation.objects.order_by("-pk").values_list("pk", "key")
        aliases = OrganisationAlias.objects.values_list("organisation", "key")
        if only is not None:
            own, aliases = own.filter(key=organisation_key(only)), aliases.filter(key=organisation_key(only))
        self._known = {key: f"#{pk}" for pk, key in own}
        for pk, key in aliases:
            self._known.setdefault(key, f"#{pk}")

    def of(self, name: str) -> str:
        key = organisation_key(name) if name else ""
        return self._known.get(key, key)


@dataclass
class Job:
    organisation: str = ""
    job_title: str = ""
    sector: str = ""


@dataclass
class Known:
    """One person. `row` is the first row of this file that is this person."""

    name: dict[str, str]
    emails: list[str] = field(default_factory=list)
    phones: list[tuple[str, str]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    themes: set[str] = field(default_factory=set)
    permissions: dict[str, bool | None] = field(default_factory=dict)
    last_spoken: str = ""
    contact_id: int | None = None
    row: PlannedRow | None = None

    @property
    def addresses(self) -> set[str]:
        return {*self.emails, *(number for _kind, number in self.phones)}


def from_values(values: Values, organisations: OrganisationKeys) -> Known:
    """The person that a row describes."""
    job = Job(values["organisation"], values["job_title"], values["sector"])
    return Known(
        name={part: values.get(part, "") for part in (*NAME_FIELDS, *ADDRESS_FIELDS)},
        emails=[email for email in (values["email"], *values.get("other_emails", [])) if email],
        phones=phones_of(values),
        jobs={organisations.of(job.organisation): job} if job.organisation else {},
        themes=set(values["themes"]),
        permissions={name: values[name] for name in PERMISSIONS},
        last_spoken=values["last_spoken"],
    )


def phones_of(values: Values) -> list[tuple[str, str]]:
    """(kind, number) of every telephone number in a row."""
    found = [(kind, values[kind]) for kind in ("mobile", "phone") if values[kind]]
    return found + [
        (kind, number) for kind in ("mobile", "phone") for number in values.get(f"other_{kind}s", [])
    ]


def from_contacts(contacts: Iterable[Contact]) -> list[Known]:
    """The people in the database; `contacts` come from with_what_is_known()."""
    return [_from_contact(contact) for contact in contacts]


def with_what_is_known() -> ContactQuerySet:
    return Contact.objects.prefetch_related(
        "contact_points", "themes", "preferences", "affiliations__organisation__sectors"
    ).order_by("pk")


def _from_contact(contact: Contact) -> Known:
    points = sorted(contact.contact_points.all(), key=lambda point: (not point.preferred, point.pk))
    current = [affiliation for affiliation in contact.affiliations.all() if affiliation.ended_on is None]
    told = {row.purpose: row.allowed for row in contact.preferences.all() if row.channel == "email"}
    return Known(
        name={part: getattr(contact, part) for part in (*NAME_FIELDS, *ADDRESS_FIELDS)},
        emails=[point.value for point in points if point.kind == Point.Kind.EMAIL],
        phones=[(point.kind, point.value) for point in points if point.kind != Point.Kind.EMAIL],
        jobs={f"#{affiliation.organisation_id}": _job(affiliation) for affiliation in current},
        themes={theme.name_nl for theme in contact.themes.all()},
        permissions={name: told.get(purpose) for name, purpose in PERMISSIONS.items()},
        last_spoken=contact.last_heard_on.isoformat() if contact.last_heard_on else "",
        contact_id=contact.pk,
    )


def _job(affiliation: Affiliation) -> Job:
    return Job(affiliation.organisation.name, affiliation.job_title, affiliation.only_sector())
