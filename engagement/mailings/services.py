"""Choosing an audience, sending to it, and settling what is uncertain."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.accounts.models import User
from crm.base.bulk_rows import one_by_one
from crm.base.doorbell import ring
from crm.contacts.models import Contact, ContactQuerySet
from crm.preferences.rules import address_digest
from engagement.mailings.audience import freeze, people_in, reasons_for
from engagement.mailings.checks import without_salutation
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Message, Reason, Recipient

# An invitation that could not be handed over for three days is better told to a person than sent.
GIVE_UP_AFTER = timedelta(days=3)
# Of many people with the same trouble so many are named.
NAMED = 10
# Moments are slow to read, and no timeline tells these.
_NOT_TOLD = ["due_at", "give_up_at", "created_at", "lease_until", "noted_at"]
CAN_STOP = (Mailing.State.SENDING, Mailing.State.PAUSED, Mailing.State.SCHEDULED)


class MailingNotReady(Exception):
    """The mailing may not start; `problems` says why, in the user's language."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def draft(
    *,
    kind: str,
    about_id: int,
    title: str,
    audience: Mapping[str, list[str]],
    contacts: ContactQuerySet,
    by: User | None,
) -> Mailing:
    """Freeze who of `contacts` gets the message and who is skipped, each with the reason."""
    mailing = Mailing.objects.create(
        kind=kind, about_id=about_id, title=title, audience=dict(audience), created_by=by
    )
    people = list(contacts.for_list())
    reasons = reasons_for(people, KINDS[kind], about_id)
    freeze(mailing=mailing, reasons=reasons, why={person.pk: _why(person, audience) for person in people})
    return mailing


@transaction.atomic
def discard(*, mailing: Mailing) -> bool:
    """Delete a draft with its words and its audience; whether it was one still."""
    drafts = Mailing.objects.select_for_update().filter(pk=mailing.pk, state=Mailing.State.DRAFT)
    found = drafts.first()
    if found is not None:
        found.delete()
    return found is not None


def _why(person: Contact, audience: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The sectors and themes by which the filter found `person` (read with for_list())."""
    themes = {theme.slug for theme in person.themes.all()}
    speaks_for = {code for one in person.current_affiliations for code in one.sector_list()}
    return {
        "sectors": [code for code in audience.get("sector", []) if code in speaks_for],
        "themes": [slug for slug in audience.get("theme", []) if slug in themes],
    }


def problems_of(mailing: Mailing) -> list[str]:
    """What keeps the mailing from starting, in the user's language; empty when it may."""
    return audience_problems(mailing) + KINDS[mailing.kind].problems(mailing)


def audience_problems(mailing: Mailing) -> list[str]:
    """As far as it is about who gets it, not about the words."""
    if mailing.recipients.filter(included=True).exists():
        return _unresolved(mailing)
    if nobody_chosen(mailing):
        return [_("Nobody has been chosen yet. Do that under “Who gets it”.")]
    return [_("Nobody in this audience can be mailed.")]


def nobody_chosen(mailing: Mailing) -> bool:
    """Whether somebody still has to say who gets it, on the page for that."""
    return bool(KINDS[mailing.kind].audience_page) and not mailing.recipients.exists()


def _unresolved(mailing: Mailing) -> list[str]:
    """Whom no salutation can be made for; of many the first ones are named."""
    found = without_salutation(mailing)
    words = [_("The salutation of %(name)s does not resolve.") % {"name": one} for one in found[:NAMED]]
    if (more := len(found) - NAMED) > 0:
        said = ngettext("That of %(n)s more does not either.", "Those of %(n)s more do not either.", more)
        words.append(said % {"n": more})
    return words


@transaction.atomic
def send(*, mailing: Mailing) -> list[Contact]:
    """Put one message per included recipient in the outbox; a second call finds the mailing sent.

    Return the people mailed. Raises MailingNotReady; nothing is written then.
    """
    mailing = Mailing.objects.select_for_update().get(pk=mailing.pk)
    if mailing.state not in {Mailing.State.DRAFT, Mailing.State.SCHEDULED}:
        return []
    problems = problems_of(mailing)
    if problems:
        raise MailingNotReady(problems)
    people, gone = still_welcome(mailing)
    for reason in set(gone.values()):
        these = [contact.pk for contact, why in gone.items() if why == reason]
        rows = mailing.recipients.filter(contact__in=these)
        rows.update(included=False, reason=reason, fell_out=True)
    if not people:
        raise MailingNotReady([_("Nobody in this audience can be mailed.")])
    queue(kind=mailing.kind, about_id=mailing.about_id, people=people, mailing=mailing)
    mailing.state, mailing.pause_reason = Mailing.State.SENDING, ""
    mailing.sent_at = timezone.now()
    mailing.save(update_fields=["state", "pause_reason", "sent_at"])
    return people


def still_welcome(mailing: Mailing) -> tuple[list[Contact], dict[Contact, Reason]]:
    """The included people, and those of them who cannot have it any more since the audience was frozen."""
    people = people_in(mailing.recipients.filter(included=True).values_list("contact", flat=True))
    reasons = reasons_for(people, KINDS[mailing.kind], mailing.about_id)
    gone = {one: reasons[one.pk] for one in people if reasons[one.pk] != Reason.IN_AUDIENCE}
    return [one for one in people if one not in gone], gone


def queue(
    *,
    kind: str,
    about_id: int,
    people: Iterable[Contact],
    mailing: Mailing | None = None,
    revision: int = 0,
    due_at: datetime | None = None,
    give_up_at: datetime | None = None,
    was: Callable[[Contact], dict[str, Any]] = lambda person: {},
) -> None:
    """Write outbox rows for those of `people` with an address; nobody gets a second one about the same
    `revision` (0 for what has only one). What is due later is left to beat; `was` gives what each knows of
    what changed.

    Must run in a transaction together with what the messages tell about; the worker is rung on commit.
    """
    now = timezone.now()
    rows = [
        Message(
            kind=kind,
            about_id=about_id,
            key=f"{kind}:{about_id}:{person.pk}" + (f":{revision}" if revision else ""),
            revision=revision,
            was=was(person),
            mailing=mailing,
            contact=person,
            purpose=KINDS[kind].purpose,
            address=person.email(),
            address_digest=address_digest(person.email()),
            domain=person.email().rpartition("@")[2].lower(),
            language=person.language,
            due_at=due_at or now,
            give_up_at=give_up_at or now + GIVE_UP_AFTER,
        )
        for person in people
        if person.email()
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    if rows and (due_at is None or due_at <= now):
        ring("tasks.outbox.deliver")


@transaction.atomic
def stop(*, mailing: Mailing) -> None:
    """Send nothing more of this mailing; what is being handed over at this moment still goes."""
    if Mailing.objects.filter(pk=mailing.pk, state__in=CAN_STOP).update(state=Mailing.State.STOPPED):
        mailing.messages.waiting().update(state=Message.State.STOPPED, reason=Reason.STOPPED)


def pause(*, mailing: Mailing, reason: str = "") -> bool:
    """Hold what waits until somebody resumes; whether it was running."""
    running = Mailing.objects.filter(pk=mailing.pk, state=Mailing.State.SENDING)
    return bool(running.update(state=Mailing.State.PAUSED, pause_reason=reason))


@transaction.atomic
def resume(*, mailing: Mailing) -> bool:
    """Go on with what waits; the time it was held does not count against it. Whether it was paused."""
    paused = Mailing.objects.select_for_update().filter(pk=mailing.pk, state=Mailing.State.PAUSED).first()
    if paused is None:
        return False
    paused.state, paused.pause_reason, paused.refusals_seen = Mailing.State.SENDING, "", refusals(paused)
    paused.save(update_fields=["state", "pause_reason", "refusals_seen"])
    soon = timezone.now() + timedelta(hours=1)
    paused.messages.waiting().filter(give_up_at__lt=soon).update(give_up_at=timezone.now() + GIVE_UP_AFTER)
    ring("tasks.outbox.deliver")
    return True


def refusals(mailing: Mailing) -> int:
    """How often the server refused a message of this mailing, or told it to come back."""
    refused = Q(state=Message.State.REFUSED) | Q(state=Message.State.DEFERRED, attempts__gt=0)
    return mailing.messages.filter(refused).count()


@transaction.atomic
def note_sent(messages: Iterable[UUID]) -> int:
    """Tell the timelines of those that went out and were not told about yet; a second call finds none."""
    now = timezone.now()
    found = Message.objects.unnoted().select_for_update(skip_locked=True, of=("self",))
    these = one_by_one(list(messages), "default")
    rows = list(found.filter(pk__in=these).defer(*_NOT_TOLD).order_by("sent_at", "pk"))
    told = one_by_one([row.pk for row in rows], "default")
    Message.objects.filter(pk__in=told).update(noted_at=now)
    for kind in {row.kind for row in rows}:
        KINDS[kind].note_sent([row for row in rows if row.kind == kind])
    return len(rows)


@transaction.atomic
def settle(*, message: Message, again: bool) -> bool:
    """A person decides about an uncertain message: send it again, or take it as sent.

    Return whether it was still uncertain.
    """
    uncertain = Message.objects.uncertain().filter(pk=message.pk)
    now = timezone.now()
    if again:
        changed = uncertain.update(
            state=Message.State.QUEUED, due_at=now, give_up_at=now + GIVE_UP_AFTER, reply=""
        )
        ring("tasks.outbox.deliver")
        return bool(changed)
    if not uncertain.update(state=Message.State.SENT, sent_at=now):
        return False
    message.sent_at = now
    note_sent([message.pk])
    return True


def preview(*, recipient: Recipient, language: str = "") -> Message:
    """The message as `recipient` would get it, or would in another language.

    It is never stored, so its links open nothing.
    """
    contact, kind = recipient.contact, KINDS[recipient.mailing.kind]
    return Message(
        kind=kind.name,
        about_id=recipient.mailing.about_id,
        contact=contact,
        mailing=recipient.mailing,
        purpose=kind.purpose,
        address=contact.email(),
        language=language or contact.language,
        created_at=timezone.now(),
    )
