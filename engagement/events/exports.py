"""Everybody who was invited to an event, as a table that a spreadsheet program opens."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.tables import Cell, Table, made_on
from crm.contacts.models import Contact
from engagement.events.models import Event, Participation


def participant_table(event: Event) -> Table:
    """With the number of each in Kwartet, by which the file reads back as who they are."""
    headings = [
        *(_("Name"), _("Function"), _("Sector"), _("E-mail"), _("Answer"), _("Answered on")),
        *(_("Was there"), _("Kwartet number")),
    ]
    return Table(event.title(), headings, _rows(event), _about(event))


def needs_table(event: Event) -> Table:
    """What has to be taken into account of who comes or may come, and no more than that about them."""
    headings = [_("Name"), _("Answer"), _("To take into account"), _("Kwartet number")]
    answers = event.participations.not_declined().exclude(needs="").select_related("contact")
    rows = ([str(one.contact), one.get_status_display(), one.needs, str(one.contact_id)] for one in answers)
    return Table(event.title(), headings, rows, _about(event))


def _about(event: Event) -> list[tuple[str, str]]:
    start = date_format(event.local_start, "DATETIME_FORMAT")
    return [(_("When"), start), (_("Where"), event.place), made_on()]


def _rows(event: Event) -> Iterator[list[Cell]]:
    answers = {one.contact_id: one for one in event.participations.all()}
    for person in Contact.objects.for_list().filter(participations__event=event):
        yield _row(person, answers[person.pk])


def _row(person: Contact, answer: Participation) -> list[Cell]:
    jobs = person.current_affiliations
    codes = dict.fromkeys(code for job in jobs for code in job.sector_list())
    answered = localtime(answer.answered_at).date() if answer.answered_at else ""
    there = {True: _("yes"), False: _("no"), None: ""}[answer.attended]
    return [
        str(person),
        "; ".join(str(job) for job in jobs),
        "; ".join(str(Sector(code).label) for code in codes),
        *(person.email(), answer.get_status_display(), answered, there, str(person.pk)),
    ]
