"""What a person should know before a mailing goes out, though it may go out all the same."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from crm.contacts import names
from crm.contacts.models import Contact
from crm.preferences.models import Purpose
from engagement.mailings.models import Mailing, Message

OFTEN_WITHIN = timedelta(days=90)
# Who may have no salutation; for anybody else names.salutation() always finds one.
_BARE_FAMILY_NAME = Q(initials="") & ~Q(form_of_address__in=["heer", "mevrouw"])
MAY_LACK_SALUTATION = Q(form_of_address="own") | Q(given_name="") & (Q(family_name="") | _BARE_FAMILY_NAME)


def often_mailed(mailing: Mailing) -> QuerySet[Any]:
    """The recipients in it who had many messages lately, `had` of them; most first.

    What answers something that they did themselves (a confirmation, a cancellation) does not count.
    """
    if not settings.MAIL_OFTEN:
        return mailing.recipients.none()
    included = mailing.recipients.filter(included=True).select_related("contact")
    included = included.annotate(had=had_lately("contact__messages"))
    return included.filter(had__gte=settings.MAIL_OFTEN).order_by("-had", "contact__sort_key", "pk")


def had_lately(messages: str) -> Count:
    """How many of `messages` (the way to them from the row in hand) somebody had lately."""
    lately = {
        f"{messages}__state__in": [Message.State.SENT, Message.State.BOUNCED],
        f"{messages}__sent_at__gte": timezone.now() - OFTEN_WITHIN,
    }
    return Count(messages, filter=Q(**lately) & ~Q(**{f"{messages}__purpose": Purpose.SERVICE}))


def without_salutation(mailing: Mailing) -> list[Contact]:
    """The people in it whom no letter can begin with; the database leaves out whoever cannot be one."""
    included = mailing.recipients.filter(included=True).order_by("pk").values("contact")
    doubtful = Contact.objects.filter(MAY_LACK_SALUTATION, pk__in=included).order_by("sort_key", "pk")
    return [person for person in doubtful if not _can_be_greeted(person)]


def _can_be_greeted(person: Contact) -> bool:
    try:
        names.salutation(person)
    except names.UnresolvedSalutation:
        return False
    return True
