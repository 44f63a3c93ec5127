"""What lists of contacts can show of what happened: how much mail somebody had lately."""

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import Column, Row, number_of, register_column
from crm.timeline.models import TimelineEntry

LATELY = timedelta(days=90)


def _mails() -> Any:
    mails = TimelineEntry.objects.mails_since(timezone.now() - LATELY)
    return number_of(mails.filter(contact=OuterRef("pk")))


def _text(row: Row) -> str:
    return str(row.value("mails"))


register_column(
    Column("mails", _("Mails 90 days"), _text, 80, read=_mails, usual=True, numeric=True, short=True)
)
