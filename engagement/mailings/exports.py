"""Everybody of a mailing with what became of it, as a table that a spreadsheet program opens."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.tables import Cell, Table, made_on
from crm.contacts.models import Contact
from engagement.mailings.audience import words_of
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message, Recipient


def recipient_table(mailing: Mailing) -> Table:
    headings = [
        *(_("Name"), _("Function"), _("Sector"), _("E-mail"), _("Gets it?"), _("Why")),
        *(_("State"), _("Sent on"), _("Answer"), _("Kwartet number")),
    ]
    about = [(_("Kind"), str(KINDS[mailing.kind].label)), made_on()]
    if mailing.sent_at:
        about.insert(1, (_("Sent on"), date_format(localtime(mailing.sent_at), "SHORT_DATETIME_FORMAT")))
    return Table(mailing.title, headings, _rows(mailing), about)


def _rows(mailing: Mailing) -> Iterator[list[Cell]]:
    recipients = {one.contact_id: one for one in mailing.recipients.order_by()}
    sent = {one.contact_id: one for one in mailing.messages.order_by()}
    answers = KINDS[mailing.kind].answers(mailing)
    people = Contact.objects.for_list().filter(pk__in=mailing.recipients.order_by().values("contact"))
    for person in people:
        words = _row(mailing, person, recipients[person.pk], sent.get(person.pk))
        yield [*words, answers.get(person.pk, ""), str(person.pk)]


def _row(mailing: Mailing, person: Contact, recipient: Recipient, message: Message | None) -> list[Cell]:
    jobs = person.current_affiliations
    codes = dict.fromkeys(code for job in jobs for code in job.sector_list())
    sent = localtime(message.sent_at).date() if message and message.sent_at else ""
    return [
        str(person),
        "; ".join(str(job) for job in jobs),
        "; ".join(str(Sector(code).label) for code in codes),
        message.address if message else person.email(),
        _("yes") if recipient.included else _("no"),
        "; ".join([str(recipient.get_reason_display()), *words_of(mailing, recipient)]),
        _state(message),
        sent,
    ]


def _state(message: Message | None) -> str:
    """What became of the message, and why when it did not go out."""
    if message is None:
        return ""
    reason = f": {message.get_reason_display()}" if message.reason else ""
    return f"{message.get_state_display()}{reason}"
