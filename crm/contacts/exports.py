"""Contacts as a table that a spreadsheet program opens and that Kwartet reads back as the same."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from crm.contacts.columns import Column, exported
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.shown import rows_in_pieces
from crm.exports.tables import Table
from crm.preferences.models import Purpose
from crm.preferences.rules import standing
from crm.sectors import Sector

Kind = ContactPoint.Kind


def contact_table(
    contacts: Iterable[Contact], *, about: list[tuple[str, str]], columns: list[Column] | None = None
) -> Table:
    """`contacts` read with for_list(): the columns of a list, or everything.

    Of everything, the first current function stands in the columns; so does one address of each kind, the
    preferred one.
    """
    if columns is not None:
        wanted = exported(columns)
        rows = ([one.text(row) for one in wanted] for row in rows_in_pieces(contacts))
        return Table(_("Contacts"), [str(one.heading) for one in wanted], rows, about)
    return Table(_("Contacts"), _headings(), _rows(contacts), about)


def _headings() -> list[str]:
    return [
        *(_("Form of address"), _("Titles before the name"), _("Initials"), _("Given name"), _("Infix")),
        *(_("Family name"), _("Titles after the name"), _("Organisation"), _("Job title"), _("Sector")),
        *(
            _("E-mail"),
            _("Mobile"),
            _("Telephone"),
            _("Themes"),
            _("Tags"),
            _("May be invited"),
            _("Newsletter"),
        ),
        *(_("Last heard"), _("Language")),
    ]


def _rows(contacts: Iterable[Contact]) -> Iterator[list[str]]:
    for contact in contacts:
        affiliation = next(iter(contact.current_affiliations), None)
        yield [
            contact.form_of_address if contact.form_of_address in {"heer", "mevrouw"} else "",
            *(contact.titles_before, contact.initials, contact.given_name, contact.infix),
            *(contact.family_name, contact.titles_after),
            *_job(affiliation),
            *(_point(contact, kind) for kind in (Kind.EMAIL, Kind.MOBILE, Kind.PHONE)),
            "; ".join(theme.name_nl for theme in contact.themes.all()),
            "; ".join(tag.name for tag in contact.tags.all()),
            *(_answer(contact, purpose) for purpose in (Purpose.INVITATION, Purpose.NEWSLETTER)),
            contact.last_heard_on.isoformat() if contact.last_heard_on else "",
            contact.language,
        ]


def _job(affiliation: Affiliation | None) -> list[str]:
    if affiliation is None:
        return ["", "", ""]
    code = affiliation.only_sector()
    sector = str(Sector(code).label) if code else ""
    return [affiliation.organisation.name, affiliation.job_title, sector]


def _point(contact: Contact, kind: str) -> str:
    points = [point for point in contact.contact_points.all() if point.kind == kind]
    return next((point.value for point in sorted(points, key=lambda one: not one.preferred)), "")


def _answer(contact: Contact, purpose: str) -> str:
    """Yes, no, or nothing for never asked: that is for the person to say, not for a file."""
    answer = standing(contact, purpose)
    return "" if answer is None else str(_("yes") if answer.allowed else _("no"))
