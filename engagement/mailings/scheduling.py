"""Starting a mailing: at once, or by itself at a moment that somebody chose."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.base.doorbell import ring
from engagement.mailings import services
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing

logger = logging.getLogger(__name__)


class MomentRefused(Exception):
    """A mailing cannot be planned for that moment; the text says why, in the user's language."""


def start(*, mailing: Mailing) -> None:
    """Put a draft or planned mailing in the outbox, the way its kind does that.

    Raises MailingNotReady. A second call finds it started and does nothing.
    """
    begin = KINDS[mailing.kind].start
    if begin is not None:
        begin(mailing=mailing)
    else:
        services.send(mailing=mailing)


@transaction.atomic
def start_by_hand(*, mailing: Mailing) -> None:
    """Start it after the moment in which whoever pressed the button can still hold it back: until then it is
    a planned mailing, of which nothing went out.

    Raises MailingNotReady, or MomentRefused for one that makes no sense any more by then.
    """
    if not settings.SEND_DELAY:
        start(mailing=mailing)
    elif schedule(mailing=mailing, at=timezone.now() + timedelta(seconds=settings.SEND_DELAY)):
        ring("tasks.outbox.start_scheduled", seconds=settings.SEND_DELAY)


@transaction.atomic
def schedule(*, mailing: Mailing, at: datetime) -> bool:
    """Plan a draft, or plan it for another moment; whether it was not started yet.

    Raises MailingNotReady, or MomentRefused for one that has passed or comes too late.
    """
    found = Mailing.objects.open().select_for_update().filter(pk=mailing.pk).first()
    if found is None:
        return False
    _check_moment(found, at)
    if problems := services.problems_of(found):
        raise services.MailingNotReady(problems)
    found.state, found.scheduled_for, found.pause_reason = Mailing.State.SCHEDULED, at, ""
    found.save(update_fields=["state", "scheduled_for", "pause_reason"])
    return True


def _check_moment(mailing: Mailing, at: datetime) -> None:
    if at <= timezone.now():
        raise MomentRefused(_("This moment has passed."))
    over = KINDS[mailing.kind].over_at(mailing)
    if over and at >= over:
        moment = date_format(timezone.localtime(over), "SHORT_DATETIME_FORMAT")
        words = _("That is too late: it makes no sense any more from %(moment)s on.")
        raise MomentRefused(words % {"moment": moment})


def unschedule(*, mailing: Mailing, reason: str = "") -> bool:
    """Make a planned mailing a draft again; whether it was planned."""
    planned = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SCHEDULED)
    return bool(planned.update(state=Mailing.State.DRAFT, scheduled_for=None, pause_reason=reason[:300]))


def start_due(*, now: datetime | None = None) -> int:
    """Start what was planned for now or before; harmless when run twice or by two beats.

    One that may not start becomes a draft again that says why. Return how many were started.
    """
    moment = now or timezone.now()
    numbers = list(Mailing.objects.to_start(moment).values_list("pk", flat=True))
    return sum(_start_if_due(number, moment) for number in numbers)


def _start_if_due(number: int, moment: datetime) -> bool:
    """One mailing in a transaction of its own: an error in one does not hold up the others."""
    try:
        with transaction.atomic():
            mailing = Mailing.objects.to_start(moment).select_for_update().filter(pk=number).first()
            return mailing is not None and _started(mailing)
    except Exception:
        logger.exception("Mailing %s could not be started", number)
        return False


def _started(mailing: Mailing) -> bool:
    """Whether the locked mailing was started; its problems are told in the language of who made it."""
    reader = mailing.created_by.language if mailing.created_by else settings.LANGUAGE_CODE
    with translation.override(reader):
        try:
            with transaction.atomic():
                start(mailing=mailing)
        except services.MailingNotReady as error:
            unschedule(mailing=mailing, reason=" ".join(error.problems))
            return False
    return True
