"""What lists of contacts can show of what happened: how much mail somebody had lately."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import Column, Row, register_column
from crm.contacts.models import Contact
from crm.timeline.models import TimelineEntry

LATELY = timedelta(days=90)


def _mails(contacts: Sequence[Contact]) -> Mapping[int, int]:
    return TimelineEntry.objects.mails_since(timezone.now() - LATELY, [one.pk for one in contacts])


def _text(row: Row) -> str:
    return str(row.loaded["mails"] or 0)


register_column(
    Column("mails", _("Mails 90 days"), _text, 80, load=_mails, usual=True, numeric=True, short=True)
)
