"""Asking who spoke whether we understood them. What they answer is a Response of the statement."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from engagement.statements.models import Response, Speaker, Statement, StatementQuerySet, Writeup

# A reminder that could not be made for so long is not sent any more.
TOO_LATE = timedelta(days=7)


def last_moment() -> timedelta:
    """How long after somebody was asked a reminder may still go."""
    return timedelta(days=max(settings.APPROVAL_REMINDERS)) + TOO_LATE


class ApprovalRequestQuerySet(models.QuerySet["ApprovalRequest"]):
    def last_ones(self) -> ApprovalRequestQuerySet:
        """The last one of each person about each conversation: the one that reminders are about."""
        later = ApprovalRequest.objects.filter(
            writeup=OuterRef("writeup"), contact=OuterRef("contact"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later))

    def to_remind(self, now: datetime) -> ApprovalRequestQuerySet:
        """Those that may have a reminder due; see reminder_due() for whether one is."""
        first = now - timedelta(days=min(settings.APPROVAL_REMINDERS))
        lately = self.last_ones().filter(asked_at__lte=first, asked_at__gt=now - last_moment())
        return lately.filter(reminders__lt=len(settings.APPROVAL_REMINDERS))


class ApprovalRequest(models.Model):
    """That somebody was asked, by mail, about what they said in one conversation or session.

    Its speaker is who of that conversation is this contact, so the request survives a merge of two people.
    """

    writeup = models.ForeignKey(Writeup, models.CASCADE, related_name="approval_requests")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="approval_requests")
    # In our words, for instance why we would rather keep ours.
    note = models.TextField(_("a few words with it"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        indexes = [models.Index(fields=["asked_at"], name="approval_request_asked")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reminders=0, reminded_at=None) | Q(reminders__gt=0, reminded_at__isnull=False),
                name="approval_request_reminded_has_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact}, {self.writeup}"

    def get_absolute_url(self) -> str:
        return self.writeup.get_absolute_url()

    @property
    def speaker(self) -> Speaker | None:
        return self.writeup.speakers.filter(contact=self.contact_id).first()

    def open_statements(self) -> StatementQuerySet:
        """What they said there and have not answered for today's words; words that they proposed since they
        were asked wait for us, not for them.
        """
        said = Statement.objects.filter(speaker__writeup=self.writeup_id, speaker__contact=self.contact_id)
        rows = said.unanswered()
        if self.asked_at:
            corrected = Response.Kind.CORRECTED
            rows = rows.exclude(latest_response__kind=corrected, latest_response__at__gt=self.asked_at)
        return rows.select_related("latest_response", "speaker").order_by("start", "pk")

    def reminder_due(self, now: datetime) -> int:
        """Which reminder has to go now: 1 for the first one, 0 for none."""
        days = sorted(settings.APPROVAL_REMINDERS)
        due = sum(self.asked_at + timedelta(days=after) <= now for after in days)
        if due <= self.reminders or now >= self.asked_at + timedelta(days=days[due - 1]) + TOO_LATE:
            return 0
        return due
