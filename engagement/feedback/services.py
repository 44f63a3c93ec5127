"""Telling speakers what became of what they said, and those who follow a sentence what changed since."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.contacts.formality import variety
from crm.contacts.models import Contact
from crm.preferences.models import Purpose
from crm.preferences.rules import may_receive
from engagement.evidence.models import Evidence
from engagement.feedback.becoming import told_to
from engagement.feedback.changes import Window, changes_of
from engagement.feedback.checks import problems
from engagement.feedback.models import Feedback, Follow, FollowDigest
from engagement.mailings.audience import people_in, reasons_for
from engagement.mailings.kinds import KINDS
from engagement.mailings.services import queue
from engagement.statements.models import Speaker, Statement, Writeup

OUTCOMES, FOLLOWING = "outcomes", "following"
# Nobody gets more than one digest in this time.
AT_MOST = timedelta(days=30)


@transaction.atomic
def tell(*, speakers: Collection[Speaker], by: User) -> list[Feedback]:
    """Send each of these what became of their sentences, but for whom something is wrong, and who was told
    since anything changed: of two clicks the second one finds that.
    """
    made = []
    for speaker in sorted(speakers, key=lambda one: one.pk):
        writeup = Writeup.objects.select_for_update().get(pk=speaker.writeup_id)
        if speaker.contact_id is None or not is_to_be_told(speaker):
            continue
        people = people_in([speaker.contact_id])
        reason = reasons_for(people, KINDS[OUTCOMES], 0)[speaker.contact_id]
        if problems(people[0], told_to(speaker), reason):
            continue
        feedback = Feedback.objects.create(writeup=writeup, contact=people[0], sent_by=by)
        queue(kind=OUTCOMES, about_id=feedback.pk, people=people)
        made.append(feedback)
    return made


def is_to_be_told(speaker: Speaker) -> bool:
    """Whether they were not told yet, or something became of their words since."""
    last = Feedback.objects.filter(writeup=speaker.writeup_id, contact=speaker.contact_id).last()
    rows = Evidence.objects.filter(statement__speaker=speaker)
    return rows.exists() if last is None else rows.filter(updated_at__gt=last.sent_at).exists()


@transaction.atomic
def follow(*, speaker: Speaker, statements: Collection[int]) -> None:
    """Let a speaker follow exactly these of the statements that they made there, by their keys; a table, of
    which nobody is known, follows nothing.
    """
    if speaker.contact_id is None:
        return
    own = set(speaker.statements.linkable().values_list("pk", flat=True))
    mine = Follow.objects.filter(contact=speaker.contact_id, statement__writeup=speaker.writeup_id)
    mine.exclude(statement__in=own & set(statements)).delete()
    Follow.objects.bulk_create(
        [Follow(contact_id=speaker.contact_id, statement_id=key) for key in sorted(own & set(statements))],
        ignore_conflicts=True,
    )


def make_digests(now: datetime | None = None) -> int:
    """Put a digest in the outbox for everybody who follows something that changed; how many those are."""
    moment = now or timezone.now()
    people = Contact.objects.filter(follows__isnull=False).distinct().order_by("pk")
    lately = FollowDigest.objects.filter(until__gt=moment - AT_MOST).values("contact")
    keys = list(people.exclude(pk__in=lately).values_list("pk", flat=True))
    return sum(_digest(key, moment) for key in keys)


@transaction.atomic
def _digest(key: int, now: datetime) -> bool:
    """Their row is locked, so that of two beats one makes it."""
    contact = Contact.objects.select_for_update().get(pk=key)
    last = FollowDigest.objects.filter(contact=contact).last()
    if last is not None and last.until > now - AT_MOST:
        return False
    digest = FollowDigest(contact=contact, until=now)
    with translation.override(variety(contact.language, contact.formality)):
        news = news_in(digest)
    if not news or not may_receive(contact, Purpose.FEEDBACK):
        return False
    digest.save()
    queue(kind=FOLLOWING, about_id=digest.pk, people=people_in([key]))
    return True


def news_in(digest: FollowDigest) -> list[tuple[Statement, list[str]]]:
    """Each sentence of theirs that they follow and about which something changed, with what that is, in the
    active language.
    """
    earlier = FollowDigest.objects.filter(contact=digest.contact_id, until__lt=digest.until)
    last = earlier.order_by("until").last()
    follows = Follow.objects.filter(contact=digest.contact_id, statement__speaker__contact=digest.contact_id)
    rows = follows.filter(statement__in=Statement.objects.linkable())
    found = []
    for one in rows.select_related("statement__latest_response", "statement__writeup"):
        since = max(one.since, last.until) if last else one.since
        if changes := changes_of(one.statement, Window(since, digest.until)):
            found.append((one.statement, changes))
    return found
