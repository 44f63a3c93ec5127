"""That speakers were told what became of what they said, and which of their sentences they follow."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from engagement.statements.models import Speaker, Statement, Writeup


class Feedback(models.Model):
    """That somebody was sent what became of what they said in one conversation or session."""

    writeup = models.ForeignKey(Writeup, models.CASCADE, related_name="feedback")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="feedback")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("feedback to a speaker")
        verbose_name_plural = _("feedback to speakers")
        indexes = [models.Index(fields=["writeup", "contact", "sent_at"], name="feedback_last_sent")]

    def __str__(self) -> str:
        return f"{self.contact}, {self.writeup}"

    def get_absolute_url(self) -> str:
        return self.writeup.get_absolute_url()

    @property
    def speaker(self) -> Speaker | None:
        return self.writeup.speakers.filter(contact=self.contact_id).first()


class Follow(models.Model):
    """That somebody wants to hear of each later change of what rests on a sentence of theirs."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follows")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="follows")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("sentence that somebody follows")
        verbose_name_plural = _("sentences that somebody follows")
        constraints = [models.UniqueConstraint(fields=["contact", "statement"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.statement}"


class FollowDigest(models.Model):
    """A mail about what changed until a moment; it begins where the one before ended."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_digests")
    until = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("digest for who follows a sentence")
        verbose_name_plural = _("digests for who follows a sentence")

    def __str__(self) -> str:
        return f"{self.contact}, {self.until}"
