"""The mail that reminds a member of the team of what they see to, in a rhythm of their own.

It goes to a colleague, not to somebody of the outbox: no preference, no link to stop it and no bounce belong
to it. A day that cannot be sent is tried again an hour later.
"""

import logging
from datetime import date, datetime, time

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from crm.accounts.models import User
from engagement.followups.models import Digest, FollowUp

logger = logging.getLogger(__name__)
# Nobody wants to be reminded of work before it begins.
FROM = time(7)


def send_digests(now: datetime | None = None) -> int:
    """Send to everybody whose day it is and who has something to see to; how many went out."""
    moment = timezone.localtime(now)
    if moment.time() < FROM:
        return 0
    owners = User.objects.filter(is_active=True, follow_ups__done_at=None, follow_ups__isnull=False)
    return sum(_send(user, moment.date()) for user in owners.distinct())


def _send(user: User, on: date) -> bool:
    """The day is taken before the mail goes out, so that of two workers one sends it."""
    before = _take(user, on)
    if before is None:
        return False
    due = list(FollowUp.objects.due_for(user, on).shown())
    if not due:
        return False
    try:
        with translation.override(user.language):
            subject, text = mail_about(due, on)
            send_mail(subject, text, None, [user.email])
    except OSError:
        logger.warning("digest of user %s could not be sent", user.pk)
        Digest.objects.filter(user=user).update(sent_on=before.sent_on)
        return False
    return True


@transaction.atomic
def _take(user: User, on: date) -> Digest | None:
    """How it was before; None when it is not their day, or somebody else took it."""
    Digest.objects.get_or_create(user=user)
    digest = Digest.objects.select_for_update(of=("self",)).get(user=user)
    if not digest.is_due(on):
        return None
    Digest.objects.filter(pk=digest.pk).update(sent_on=on)
    return digest


def mail_about(due: list[FollowUp], on: date) -> tuple[str, str]:
    """(subject, text) in the active language."""
    count = ngettext("%(count)s follow-up for you", "%(count)s follow-ups for you", len(due))
    context = {"due": [(one, one.is_late(on)) for one in due], "base_url": settings.BASE_URL}
    text = render_to_string("engagement/followups/digest.txt", context)
    return count % {"count": len(due)}, text
