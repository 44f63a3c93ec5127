"""What a person should know before a mailing goes out, though it may go out all the same."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from crm.preferences.models import Purpose
from engagement.mailings.models import Mailing, Message

OFTEN_WITHIN = timedelta(days=90)


def often_mailed(mailing: Mailing) -> QuerySet[Any]:
    """The recipients in it who had many messages lately, `had` of them; most first.

    What answers something that they did themselves (a confirmation, a cancellation) does not count.
    """
    if not settings.MAIL_OFTEN:
        return mailing.recipients.none()
    went = [Message.State.SENT, Message.State.BOUNCED]
    since = timezone.now() - OFTEN_WITHIN
    lately = Q(contact__messages__state__in=went, contact__messages__sent_at__gte=since)
    had = Count("contact__messages", filter=lately & ~Q(contact__messages__purpose=Purpose.SERVICE))
    included = mailing.recipients.filter(included=True).select_related("contact").annotate(had=had)
    return included.filter(had__gte=settings.MAIL_OFTEN).order_by("-had", "contact__sort_key", "pk")
