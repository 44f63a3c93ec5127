"""When the outbox is emptied, and what is done about what dead workers left. batch.py hands over."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from crm.base.doorbell import ring
from engagement.mailings import journal
from engagement.mailings.batch import Batch
from engagement.mailings.marks import Marks
from engagement.mailings.models import Mailing, Message, Reason
from engagement.mailings.services import note_sent
from engagement.mailings.smtp import Line

State = Message.State
_TOLD_AT_ONCE = 500


def deliver(*, seconds: float = 20) -> int:
    """Send what is due for about `seconds`, then ring for the rest; return how many were handed over.

    The slices are short so that one worker process also gets to imports and its heartbeat in between. The
    timelines are told at the end of a slice: a mail does not wait for that.
    """
    until = time.monotonic() + seconds
    sent: list[UUID] = []
    with Line() as line, Marks() as marks:
        while True:
            batch = Batch(line, marks)
            if len(batch.messages) == settings.OUTBOX_BATCH and not sent:
                ring("tasks.outbox.deliver")  # there is work for another worker
            batch.send()
            sent += batch.sent
            if not batch.messages or not batch.line_open:
                break
            if time.monotonic() > until:
                ring("tasks.outbox.deliver")
                break
    _tell(sent)
    return len(sent)


def _tell(sent: list[UUID]) -> None:
    for start in range(0, len(sent), _TOLD_AT_ONCE):
        note_sent(sent[start : start + _TOLD_AT_ONCE])


def recover(*, now: datetime | None = None) -> int:
    """Give back what dead workers held, show what they were handing over, tell of what they sent, end what
    is too late or was stopped. Return how many messages are due.
    """
    moment = now or timezone.now()
    ended = Message.objects.lease_ended(moment)
    ended.filter(state=State.CLAIMED).update(state=State.QUEUED, claim=None, lease_until=None)
    for claim in set(ended.filter(state=State.HANDING_OVER).values_list("claim", flat=True)):
        _take_over(claim, moment)
    left = Message.objects.unnoted().filter(sent_at__lt=moment - timedelta(seconds=settings.OUTBOX_LEASE))
    _tell(list(left.values_list("pk", flat=True)[: 2 * _TOLD_AT_ONCE]))
    Message.objects.overdue(moment).update(state=State.MISSED)
    # Those that somebody held when their mailing was stopped.
    stopped = Message.objects.waiting().filter(mailing__state=Mailing.State.STOPPED)
    stopped.update(state=State.STOPPED, reason=Reason.STOPPED)
    return Message.objects.due(moment).count()


def _take_over(claim: UUID | None, moment: datetime) -> None:
    """What the journal of a dead worker tells of the messages it was handing over: those with a dot and
    another after it were answered with yes, the last one is uncertain, and those without wait again.
    """
    assert claim is not None  # noqa: S101  # the database says so of a row that is held
    dots = journal.dots(claim)
    ended = Message.objects.lease_ended(moment).filter(claim=claim, state=State.HANDING_OVER)
    free = {"claim": None, "lease_until": None}
    if dots is not None:
        for key, at in dots[:-1]:
            ended.filter(pk=key).update(state=State.SENT, sent_at=datetime.fromtimestamp(at, UTC), **free)
        without = ended.exclude(pk__in=[key for key, _at in dots])
        without.update(state=State.DEFERRED, **free)
    ended.update(state=State.UNCERTAIN, **free)
    if not Message.objects.filter(claim=claim).exists():
        journal.forget(claim)
