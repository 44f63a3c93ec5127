"""Making and moving events, inviting, answering and reminding."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from crm.accounts.models import User
from crm.base.happenings import Happening, about, retell, tell
from crm.contacts.models import Contact, ContactQuerySet
from engagement.events.announcing import (
    CANCELLATION,
    ON_THEIR_WAY,
    UPDATE,
    has_moved,
    tell_invited,
    tell_nobody,
)
from engagement.events.happenings import ANSWERED, ATTENDED
from engagement.events.models import Event, Participation, ParticipationQuerySet, ReminderRule
from engagement.mailings import services as mailings
from engagement.mailings.audience import AudienceMoved, fingerprint, leave_out
from engagement.mailings.models import Mailing, Message
from engagement.statements.models import Writeup
from engagement.statements.services import begin_notes

Status = Participation.Status
# The longest that a reminder's window can reach back from the start.
LONGEST_NOTICE = timedelta(days=62)


IN_ORDER = (Status.ACCEPTED, Status.TENTATIVE, Status.NEEDS_ACTION, Status.DECLINED)


class AnswerRefused(Exception):
    """The answer cannot be recorded."""


class EventFull(AnswerRefused):
    """All places are taken."""


class AnswersClosed(AnswerRefused):
    """The event has started, is over or was cancelled."""


class NothingToAttend(Exception):
    """The event has not started yet, or was cancelled."""


@transaction.atomic
def save_event(*, event: Event, remind_days_before: int | None, tell: bool = True) -> Event:
    """Store a new or edited event with its one reminder rule.

    When time or place of an announced event changed, who was invited and did not decline gets a new
    calendar part, unless nobody is to be told; waiting reminders are dropped, so that they are computed from
    the new start.
    """
    before = Event.objects.select_for_update().filter(pk=event.pk).first()
    moved = before is not None and has_moved(before, event)
    if before is not None:
        event.sequence = before.sequence + moved
    event.save()
    if remind_days_before:
        ReminderRule.objects.update_or_create(event=event, defaults={"days_before": remind_days_before})
    else:
        ReminderRule.objects.filter(event=event).delete()
    if moved:
        _unsent(event, "reminder").delete()
        if tell:
            tell_invited(event, UPDATE, before=before)
        else:
            tell_nobody(event)
    if before is not None and (moved or before.kind != event.kind):
        _tell_attended(event, set(event.participations.attended().values_list("contact", flat=True)))
    return event


def _unsent(event: Event, kind: str) -> QuerySet[Message]:
    states = [state for state in Message.State if state not in ON_THEIR_WAY]
    return Message.objects.filter(kind=kind, about_id=event.pk, state__in=states)


@transaction.atomic
def cancel_event(*, event: Event, tell: bool = True) -> None:
    """Cancel the event and tell whoever was invited and did not decline, or nobody; a second call changes
    nothing.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.cancelled_at is not None:
        return
    event.cancelled_at = timezone.now()
    event.sequence += 1
    event.save(update_fields=["cancelled_at", "sequence", "updated_at"])
    if tell:
        tell_invited(event, CANCELLATION)


@transaction.atomic
def choose_audience(
    *,
    event: Event,
    audience: Mapping[str, list[str]],
    contacts: ContactQuerySet,
    by: User,
    left_out: Collection[int] = (),
    seen: str = "",
) -> Mailing:
    """A new draft invitation to `contacts` but those `left_out` by hand, beside the drafts there are.

    Raises AudienceMoved when those who would get it are not those that `seen` is the fingerprint of.
    """
    mailing = mailings.draft(
        kind="invitation", about_id=event.pk, title=event.title(), audience=audience, contacts=contacts, by=by
    )
    unticked = mailing.recipients.filter(contact__in=left_out).values_list("pk", flat=True)
    leave_out(mailing=mailing, recipients=list(unticked))
    gets = mailing.recipients.filter(included=True).values_list("contact", flat=True)
    if seen and fingerprint(gets) != seen:
        raise AudienceMoved
    return mailing


@transaction.atomic
def invite(*, mailing: Mailing) -> None:
    """Send the draft invitation: participations and outbox rows in one transaction.

    Raises MailingNotReady. A second call finds the mailing sent and does nothing.
    """
    people = mailings.send(mailing=mailing)
    Participation.objects.bulk_create(
        [Participation(event_id=mailing.about_id, contact=person) for person in people],
        ignore_conflicts=True,
        batch_size=500,
    )


@transaction.atomic
def answer(*, participation: Participation, status: str, needs: str = "") -> Participation:
    """Record an answer and queue its confirmation; the same answer again changes nothing.

    Raises EventFull or AnswersClosed. Capacity is checked while the event's row is locked, so two people
    cannot take the last place.
    """
    event = Event.objects.select_for_update().get(pk=participation.event_id)
    participation = Participation.objects.select_related("contact").get(pk=participation.pk)
    participation.event = event
    now = timezone.now()
    if event.cancelled_at is not None or event.has_started(now):
        raise AnswersClosed
    if (participation.status, participation.needs) == (status, needs):
        return participation
    changed = participation.status != status
    if changed and status == Status.ACCEPTED and event.places_left() == 0:
        raise EventFull
    participation.cancellations += changed and status == Status.DECLINED
    participation.answers += changed
    participation.status, participation.needs, participation.answered_at = status, needs, now
    participation.save()
    if changed:
        kind = ANSWERED[Status(status)]
        tell(Happening(kind, [participation.contact_id], about=about(event), words=event.titles(), at=now))
        _confirm(participation, now)
    return participation


def _confirm(participation: Participation, now: datetime) -> None:
    """A little later, and in place of one that waits: of answers in a row only the last gets a mail."""
    event = participation.event
    waiting = Message.objects.waiting().filter(kind="confirmation", about_id=event.pk)
    # In one statement, so that none goes that a worker claims at this moment.
    waiting.filter(contact=participation.contact)._raw_delete(waiting.db)
    mailings.queue(
        kind="confirmation",
        about_id=event.pk,
        people=[participation.contact],
        revision=participation.answers,
        due_at=now + timedelta(seconds=settings.CONFIRMATION_DELAY),
        give_up_at=event.ends_at,
    )


@transaction.atomic
def mark_attendance(*, event: Event, came: Collection[int], away: Collection[int] = ()) -> int:
    """Note of these participations, by primary key, who was there and who was not; how many that changed.

    Raises NothingToAttend. It counts as being heard; saying the same again changes nothing.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.cancelled_at is not None or not event.has_started(timezone.now()):
        raise NothingToAttend
    marked = event.participations.filter(pk__in={*came, *away})
    changed = [one for one in marked if one.attended is not (one.pk in came)]
    for one in changed:
        one.attended = one.pk in came
    Participation.objects.bulk_update(changed, ["attended"], batch_size=500)
    _tell_attended(event, {one.contact_id for one in changed})
    return len(changed)


def _tell_attended(event: Event, among: Collection[int]) -> None:
    """Who of these contacts was there, as it is known now."""
    here = about(event)
    rows = event.participations.attended().filter(contact__in=among)
    there = list(rows.values_list("contact", flat=True))
    happening = Happening(ATTENDED, there, about=here, words=event.titles(), at=event.starts_at)
    retell(ATTENDED, here, [happening] if there else [], among=among)


def queue_due_reminders(*, now: datetime | None = None) -> int:
    """Put the reminders whose window is open in the outbox; harmless when run twice or by two beats.

    Return how many people were chosen.
    """
    moment = now or timezone.now()
    rules = ReminderRule.objects.select_related("event").filter(
        event__cancelled_at=None,
        event__starts_at__gt=moment,
        event__starts_at__lte=moment + LONGEST_NOTICE,
    )
    return sum(_queue_reminders(rule) for rule in rules if rule.is_due(moment))


@transaction.atomic
def _queue_reminders(rule: ReminderRule) -> int:
    due, give_up = rule.window()
    people = Contact.objects.filter(
        participations__in=_to_remind(rule.event, invited_before=due)
    ).prefetch_related("contact_points")
    mailings.queue(
        kind="reminder",
        about_id=rule.event_id,
        people=people,
        revision=rule.pk,
        give_up_at=give_up,
    )
    return len(people)


def _to_remind(event: Event, *, invited_before: datetime) -> ParticipationQuerySet:
    """Who accepted, hesitates or did not answer, had the invitation before the reminder fell due, and has
    no reminder yet. (Two beats at once may both choose somebody; the message's key lets only one through.)
    """
    theirs = Message.objects.filter(about_id=event.pk, contact=OuterRef("contact"))
    invited = theirs.filter(kind="invitation", state=Message.State.SENT, sent_at__lt=invited_before)
    reminded = theirs.filter(kind="reminder")
    return event.participations.not_declined().filter(Exists(invited), ~Exists(reminded))


def status_counts(event: Event) -> dict[str, int]:
    """How many participations there are per status, in the order in which they are shown."""
    found = Counter(event.participations.values_list("status", flat=True))
    return {status.value: found[status.value] for status in IN_ORDER}


@transaction.atomic
def begin_writeup(*, event_key: int) -> Writeup:
    """The notes of an event, made when there are none yet."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_key)
    if event.writeup is None:
        event.writeup = begin_notes()
        event.save(update_fields=["writeup", "updated_at"])
    return event.writeup
