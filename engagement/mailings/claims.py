"""The rows that this process holds under one token, and every step of such a row but to "sent".

Each change is fenced by the token and the lease, so a worker whose lease has ended changes nothing any more.
"""

import time
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.base.bulk_rows import one_by_one
from crm.preferences.models import Suppression
from crm.preferences.rules import may_receive
from engagement.mailings import throttle
from engagement.mailings.kinds import KINDS
from engagement.mailings.marks import is_called_off
from engagement.mailings.models import Mailing, Message, MessageQuerySet, Reason
from engagement.mailings.services import pause, refusals
from engagement.mailings.smtp import Handover, Outcome

State = Message.State
# Minutes until the next try after the first, second … 4xx answer; the last one repeats.
BACKOFF = [1, 5, 15, 60, 240]
MAX_ATTEMPTS = 12
# A mailing that is refused this often, and for this share, waits for a person.
MANY_REFUSALS, REFUSED_SHARE = 20, 0.3
# Moments are slow to read, and no mail has these in it.
_MOMENTS = ("created_at", "updated_at", "last_heard_on", "told_heard_on")
_NOT_READ = ["lease_until", "sent_at", "noted_at", "give_up_at", *(f"contact__{name}" for name in _MOMENTS)]
_FREE = {"claim": None, "lease_until": None}


class Claim:
    """Up to OUTBOX_BATCH messages that are due, held for the length of a lease."""

    def __init__(self) -> None:
        self.token = uuid.uuid4()
        self._trouble: set[int] = set()
        self._renewed = time.monotonic()
        self.messages = self._taken()

    def _taken(self) -> list[Message]:
        with transaction.atomic():
            now = timezone.now()
            allowed = throttle.allowance(now, settings.OUTBOX_BATCH)
            if not allowed.total:
                return []
            _in_order()
            # SKIP LOCKED shares the outbox among workers on PostgreSQL; SQLite has one writer anyway.
            due = Message.objects.select_for_update(skip_locked=True, of=("self",)).due(now)
            found = throttle.sendable(due, now, allowed).values_list("pk", "domain")
            rows = list(found[: settings.OUTBOX_BATCH])
            ids = allowed.admitted(rows)
            if not ids:
                return []
            domains = dict(rows)
            throttle.spend([domains[key] for key in ids])
            these = Message.objects.filter(pk__in=one_by_one(ids, "default"))
            these.update(state=State.CLAIMED, claim=self.token, lease_until=self.lease(now))
        claimed = {message.pk: message for message in these.select_related("contact").defer(*_NOT_READ)}
        return [claimed[key] for key in ids]

    def lease(self, now: datetime) -> datetime:
        return now + timedelta(seconds=settings.OUTBOX_LEASE)

    def _held(self, message: Message, *states: State) -> MessageQuerySet:
        """The row of `message` as long as it is held in one of `states`: the fence."""
        held = Message.objects.filter(pk=message.pk, claim=self.token, state__in=states)
        return held.filter(lease_until__gt=timezone.now())

    def renew(self) -> None:
        """A slow server must not use up the lease of the messages that wait."""
        if time.monotonic() - self._renewed > settings.OUTBOX_LEASE / 3:
            self._renewed = time.monotonic()
            waiting = Message.objects.filter(claim=self.token, state=State.CLAIMED)
            waiting.filter(lease_until__gt=timezone.now()).update(lease_until=self.lease(timezone.now()))

    def settle(self, message: Message, result: Handover) -> None:
        """Write down what the server answered instead of yes."""
        if message.mailing_id and result.outcome is not Outcome.UNCERTAIN:
            self._trouble.add(message.mailing_id)
        if result.outcome is Outcome.DEFERRED:
            self._defer(message, result)
        else:
            self.end(message, State(result.outcome.value), reply=result.reply)

    def _defer(self, message: Message, result: Handover) -> None:
        attempts = message.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            self.end(message, State.REFUSED, Reason.TRIED_TOO_OFTEN, reply=result.reply)
            return
        wait = timedelta(minutes=BACKOFF[min(attempts, len(BACKOFF)) - 1])
        self._held(message, State.CLAIMED, State.HANDING_OVER).update(
            state=State.DEFERRED,
            attempts=attempts,
            due_at=timezone.now() + wait,
            reply=result.reply,
            **_FREE,
        )

    def end(self, message: Message, state: State, reason: str = "", reply: str = "") -> None:
        held = self._held(message, State.CLAIMED, State.HANDING_OVER)
        held.update(state=state, reason=reason, reply=reply[:300], **_FREE)

    def hold_back(self, message: Message) -> None:
        """Its mark was refused: the row was lost to the sweeper, or one of the conditions does not hold.

        One that was marked before waits and is looked at anew, and so does one that nothing keeps any more:
        its mailing is paused, or was and goes on by now.
        """
        if self._held(message, State.HANDING_OVER).update(state=State.DEFERRED, **_FREE):
            return
        if reason := _why_not(message):
            self.end(message, State.SKIPPED, reason=reason)
        else:
            self._held(message, State.CLAIMED).update(state=State.QUEUED, **_FREE)

    def release(self) -> None:
        """Nothing more goes out under this token: what was not reached waits again."""
        was_marked = When(state=State.HANDING_OVER, then=Value(State.DEFERRED))
        held = Message.objects.filter(claim=self.token)
        held.update(state=Case(was_marked, default=Value(State.QUEUED)), **_FREE)
        for mailing in Mailing.objects.filter(pk__in=self._trouble, state=Mailing.State.SENDING):
            _pause_if_refused_often(mailing)


def _in_order() -> None:
    """Until the transaction ends, let PostgreSQL walk along the index of what is due, up to those wanted.

    It thinks that few are due, as most of the time, and would read and sort all when they are many.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_sort = off")


def _pause_if_refused_often(mailing: Mailing) -> None:
    """The breaker: a server that refuses many is telling something to a person."""
    refused = refusals(mailing) - mailing.refusals_seen
    sent = mailing.messages.filter(state=State.SENT).count()
    if refused >= MANY_REFUSALS and refused >= REFUSED_SHARE * (refused + sent):
        words = _("The mail server refused %(refused)d of %(all)d messages.")
        pause(mailing=mailing, reason=words % {"refused": refused, "all": refused + sent})


def _why_not(message: Message) -> str:
    """Which condition of the mark does not hold for good, told of what is certain first; "" is none."""
    # Asked once: between two questions somebody may pause the mailing, or go on with it.
    state = Mailing.objects.filter(messages=message).values_list("state", flat=True).first()
    if state == Mailing.State.PAUSED:
        return ""
    if state not in (None, Mailing.State.SENDING):
        return Reason.STOPPED
    if Suppression.objects.filter(digest=message.address_digest).exists():
        return Reason.SUPPRESSED
    if message.contact.contact_points.dead().filter(value=message.address).exists():
        return Reason.BAD_ADDRESS
    if not may_receive(message.contact, message.purpose):
        return Reason.SAID_NO
    if objection := KINDS[message.kind].letters([message])[0].objection:
        return objection
    return Reason.OUTDATED if is_called_off(message) else ""
