"""Mailings, their frozen audience, and the outbox.

The life of a Message (services and delivery.py are the only writers; a trigger in the database refuses any
other step, and docs/architecture.md draws it):

    queued, deferred --claim--> claimed --take--> handing_over --250--> sent --came back--> bounced
    claimed --lease ended--> queued         handing_over --line broke, process died--> uncertain
    claimed, handing_over --4xx--> deferred     --5xx--> refused
    claimed --no sense any more--> skipped      queued, deferred --stopped--> stopped, --too late--> missed
    uncertain --a person--> queued | sent
"""

from __future__ import annotations

import math
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.preferences.models import Purpose


class MailingQuerySet(models.QuerySet["Mailing"]):
    def open(self) -> MailingQuerySet:
        """Those for which is_open holds."""
        return self.filter(state__in=[Mailing.State.DRAFT, Mailing.State.SCHEDULED])

    def to_start(self, now: datetime) -> MailingQuerySet:
        """Those planned for now or before, longest waiting first."""
        return self.filter(state=Mailing.State.SCHEDULED, scheduled_for__lte=now).order_by("scheduled_for")

    def staged(self) -> MailingQuerySet:
        """Each with its `stage`: the state, but "sent" once nothing is waiting any more."""
        waiting = Message.objects.filter(mailing=OuterRef("pk"), state__in=Message.UNFINISHED)
        done = When(Q(state=Mailing.State.SENDING) & ~Exists(waiting), then=Value(Mailing.Stage.SENT))
        stage = Case(done, default=F("state"), output_field=models.CharField())
        return self.annotate(stage=stage)  # type: ignore[no-redef]

    def counted(self) -> MailingQuerySet:
        """Each with how many people get it (`people`) and how many messages there are (`letters`)."""
        recipients = Recipient.objects.filter(mailing=OuterRef("pk"), included=True).order_by()
        messages = Message.objects.filter(mailing=OuterRef("pk")).order_by()
        return self.annotate(  # type: ignore[no-redef]
            people=_number_of(recipients), letters=_number_of(messages)
        )


def _number_of(rows: models.QuerySet[Any]) -> Coalesce:
    counted = rows.values("mailing").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Mailing(models.Model):
    """One message to an audience."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("planned")
        SENDING = "sending", _("sent to the outbox")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    class Stage(models.TextChoices):
        """The state as a list shows it; see staged()."""

        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("planned")
        SENDING = "sending", _("on its way")
        SENT = "sent", _("sent")
        PAUSED = "paused", _("paused")
        STOPPED = "stopped", _("stopped")

    # A registered MessageKind, and what it is about within the noun that owns the kind.
    kind = models.CharField(max_length=20)
    about_id = models.BigIntegerField(db_index=True)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # Why the outbox paused it, or did not start it when planned, in words for a person; "" when a person did.
    pause_reason = models.CharField(max_length=300, blank=True)
    # How many refusals a person has seen and went on with.
    refusals_seen = models.PositiveIntegerField(default=0)
    # What chose the audience: a filter {field: [values]}, or parts {"include": {…}, "exclude": {…}}.
    audience: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Started by the outbox from this moment on.
    scheduled_for = models.DateTimeField(_("send on"), null=True, blank=True)

    objects = MailingQuerySet.as_manager()

    # Set by staged() and counted().
    stage: str
    people: int
    letters: int

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(scheduled_for__isnull=False),
                name="mailing_scheduled_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("mailing_detail", args=[self.pk])

    def seconds_left(self, now: datetime) -> int | None:
        """Until a planned mailing goes, when that is so soon that a person waits for it."""
        if self.state != Mailing.State.SCHEDULED or self.scheduled_for is None:
            return None
        left = math.ceil((self.scheduled_for - now).total_seconds())
        return max(left, 0) if left <= settings.SEND_DELAY else None

    @property
    def is_open(self) -> bool:
        """Whether nothing of it went out, so that who gets it can be changed."""
        return self.state in {Mailing.State.DRAFT, Mailing.State.SCHEDULED}


class Reason(models.TextChoices):
    """Why somebody is in an audience or skipped, and why a message was not sent after all."""

    IN_AUDIENCE = "in audience", _("found by the filter and may be mailed")
    SAID_NO = "said no", _("said no to this kind of message")
    NEVER_SAID_YES = "never said yes", _("never said yes to this kind of message")
    NO_ADDRESS = "no address", _("has no e-mail address")
    BAD_ADDRESS = "bad address", _("the e-mail address does not work any more")
    UNUSABLE = "unusable address", _("has an e-mail address that no mail server takes")
    SUPPRESSED = "suppressed", _("the address may never be mailed")
    LEFT_OUT = "left out", _("left out")
    ALREADY = "already", _("already has this message")
    STOPPED = "stopped", _("the mailing was stopped")
    DECLINED = "declined", _("has declined")
    CANCELLED = "cancelled", _("the event was cancelled")
    PAST = "past", _("the event is over")
    OUTDATED = "outdated", _("was overtaken by a later change")
    CANNOT_BE_MADE = "cannot be made", _("the message could not be made")
    TRIED_TOO_OFTEN = "tried too often", _("the mail server kept refusing")


class Recipient(models.Model):
    """One person of an audience, frozen with the reason."""

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="recipients")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    included = models.BooleanField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    # What chose this person: {"sectors": […], "themes": […]} of a filter, or {"parts": […], "but": […]},
    # keys of mailing.audience["names"]; "by_hand" when somebody left this one out or took them in again.
    why: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    # Was to get it, and could not any more when it was sent.
    fell_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["contact__sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["mailing", "contact"], name="recipient_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.reason}"


class Edition(models.Model):
    """The mail of a mailing in one language and variant as it was sent, with marks where a reader's own words
    stood; see editions.py.
    """

    mailing = models.ForeignKey(Mailing, models.CASCADE, related_name="editions")
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "digest"], name="edition_once")]

    def __str__(self) -> str:
        return self.subject


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Those that may be sent now, longest waiting first."""
        waiting = self.waiting().filter(Q(mailing=None) | Q(mailing__state=Mailing.State.SENDING))
        return waiting.filter(due_at__lte=now, give_up_at__gt=now).order_by("due_at", "pk")

    def overdue(self, now: datetime) -> MessageQuerySet:
        """Those that were not sent in time."""
        return self.waiting().filter(give_up_at__lte=now).exclude(mailing__state=Mailing.State.PAUSED)

    def waiting(self) -> MessageQuerySet:
        return self.filter(state__in=[Message.State.QUEUED, Message.State.DEFERRED])

    def unnoted(self) -> MessageQuerySet:
        """Those that went out, but of which the timeline does not know yet."""
        return self.filter(state=Message.State.SENT, noted_at=None)

    def lease_ended(self, now: datetime) -> MessageQuerySet:
        """Nobody holds for longer than a lease: one that ends later was taken before a clock jumped back."""
        too_far = now + 2 * timedelta(seconds=settings.OUTBOX_LEASE)
        return self.filter(Q(lease_until__lte=now) | Q(lease_until__gt=too_far), claim__isnull=False)

    def uncertain(self) -> MessageQuerySet:
        return self.filter(state=Message.State.UNCERTAIN)

    def undelivered(self) -> MessageQuerySet:
        """Those that will not be sent any more, though nobody wanted that."""
        return self.filter(state__in=[Message.State.REFUSED, Message.State.MISSED])


class Message(models.Model):
    """One outgoing e-mail to one person: the outbox row."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("about to be sent")
        HANDING_OVER = "handing_over", _("being handed to the mail server")
        SENT = "sent", _("sent")
        DEFERRED = "deferred", _("will be tried again")
        REFUSED = "refused", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")
        SKIPPED = "skipped", _("skipped")
        MISSED = "missed", _("not sent in time")
        STOPPED = "stopped", _("stopped")
        BOUNCED = "bounced", _("came back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    about_id = models.BigIntegerField(db_index=True)
    # What it is about as it was before the change that it tells of, as its kind keeps that.
    was: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    # What must happen once only: "invitation:12:345". A second writer finds it taken, and nobody reads it.
    key = models.CharField(max_length=100, unique=True)
    # Of which state of what it is about it tells, as its kind counts them; 0 where there is one only.
    revision = models.PositiveBigIntegerField(default=0)
    mailing = models.ForeignKey(Mailing, models.CASCADE, null=True, blank=True, related_name="messages")
    # What it says, of a message of a mailing; set when it goes out.
    edition = models.ForeignKey(
        Edition, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="messages")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    address = models.CharField(max_length=254)
    address_digest = models.CharField(max_length=64)
    # Of the address, in lower case: providers are not sent to faster than they like.
    domain = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    # What the mail server said, or why the message could not be made.
    reply = models.CharField(max_length=300, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # When the timeline was told; a killed worker leaves that to the next sweep.
    noted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    # Something is still to happen with these.
    UNFINISHED = (State.QUEUED, State.CLAIMED, State.HANDING_OVER, State.DEFERRED)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["claimed", "handing_over"], claim__isnull=False, lease_until__isnull=False
                )
                | (~Q(state__in=["claimed", "handing_over"]) & Q(claim=None, lease_until=None)),
                name="message_claim_only_while_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "bounced"]) & Q(sent_at=None)),
                name="message_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "missed"]) | ~Q(reason="") | Q(state="missed"),
                name="message_skipped_has_reason",
            ),
        ]
        indexes = [
            # With the key, so that of many that are due at once only those claimed are read.
            models.Index(
                fields=["due_at", "id"], condition=Q(state__in=["queued", "deferred"]), name="message_due"
            ),
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="message_held"),
            models.Index(
                fields=["state"],
                condition=Q(state__in=["uncertain", "refused", "missed"]),
                name="message_stuck",
            ),
            models.Index(
                fields=["sent_at"], condition=Q(state="sent", noted_at=None), name="message_not_noted"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Bucket(models.Model):
    """How many more messages may go now to a domain, or to all ("*"); see throttle.py."""

    name = models.CharField(max_length=254, unique=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.tokens:.0f}"
