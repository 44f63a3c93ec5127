"""What came back by mail: that it came, what it was and what it did; never its text."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.inbox.verdict import Effect as Doing
from engagement.inbox.verdict import Kind as Verdicts
from engagement.inbox.verdict import Why
from engagement.mailings.models import Message

REASONS = {
    Why.UNKNOWN: _("the address is not known there"),
    Why.NO_DOMAIN: _("the domain takes no mail"),
    Why.MOVED: _("moved away"),
    Why.FULL: _("the mailbox is full"),
    Why.DISABLED: _("the mailbox is closed for now"),
    Why.DELAYED: _("delivery is delayed"),
    Why.UNREACHABLE: _("the server cannot be reached"),
    Why.SPAM: _("taken for spam"),
    Why.POLICY: _("refused by a rule of the receiver"),
    Why.SENDER: _("the sender was refused"),
    Why.TOO_LARGE: _("the mail is too large"),
    Why.CONTENT: _("the content was refused"),
    Why.RATE: _("too much mail at once"),
    Why.DOUBTFUL: _("perhaps the address is not known there"),
    Why.ABUSE: _("reported as unwanted"),
    Why.AUTHENTICATION: _("a report about forged mail"),
}


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def about_address(self, digest: str) -> IncomingMailQuerySet:
        """Those about any message to the address with this digest."""
        return self.filter(message__address_digest=digest)

    def counted_since(self, moment: datetime) -> IncomingMailQuerySet:
        """The failures that may pass, but say something about the address."""
        return self.filter(effect=IncomingMail.Effect.COUNT, at__gt=moment)


class IncomingMail(models.Model):
    class Kind(models.TextChoices):
        HARD = Verdicts.HARD.value, _("bounce: the address does not exist")
        SOFT = Verdicts.SOFT.value, _("bounce that may pass")
        COMPLAINT = Verdicts.COMPLAINT.value, _("complaint")
        AUTO_REPLY = Verdicts.AUTO_REPLY.value, _("automatic answer")
        NONE = Verdicts.NONE.value, _("something else")

    class Effect(models.TextChoices):
        SUSPEND = Doing.SUSPEND.value, _("address suspended")
        COUNT = Doing.COUNT.value, _("counted")
        OPT_OUT = Doing.OPT_OUT.value, _("opted out")
        NOTHING = Doing.NOTHING.value, _("nothing")

    # Of what stays the same however a mail travels; a second arrival finds it taken.
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # A value of verdict.Why.
    why = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=11, blank=True)
    effect = models.CharField(max_length=8, choices=Effect.choices, default=Effect.NOTHING)
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="incoming_mails")
    at = models.DateTimeField(db_index=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effect="nothing") | Q(message__isnull=False),
                name="incoming_mail_acts_on_our_message",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}".strip()

    @property
    def reason(self) -> Promise | str:
        return REASONS.get(Why(self.why), "")
