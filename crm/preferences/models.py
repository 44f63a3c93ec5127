"""What a contact wants to receive, the ledger behind it, and the addresses that are never mailed."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact


class Purpose(models.TextChoices):
    INVITATION = "invitation", _("invitations")
    REMINDER = "reminder", _("reminders")
    NEWSLETTER = "newsletter", _("newsletter")
    INTERVIEW = "interview", _("interviews")
    FEEDBACK = "feedback", _("feedback on what you said")
    SERVICE = "service", _("messages about an event you were invited to")


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")


# What "never asked" means per purpose; every other purpose is allowed until somebody says no.
ONLY_AFTER_A_YES = frozenset({Purpose.NEWSLETTER})


class LegalBasis(models.TextChoices):
    """GDPR art. 6(1), the grounds that a newsletter or an invitation can rest on."""

    CONSENT = "consent", _("consent (art. 6(1)(a))")
    PUBLIC_TASK = "public task", _("public task (art. 6(1)(e))")
    LEGITIMATE_INTEREST = "legitimate interest", _("legitimate interest (art. 6(1)(f))")


class Source(models.TextChoices):
    FORM = "form", _("the person's own preferences page")
    ONE_CLICK = "one-click", _("the unsubscribe button of the mail program")
    COMPLAINT = "complaint", _("reported as unwanted with the mail provider")
    STAFF = "staff", _("told to a member of the team")
    IMPORT = "import", _("a spreadsheet")
    # What stood before stands again: the answer then, or none.
    UNDO = "undo", _("a change of many that was undone")


class Preference(models.Model):
    """The answer in force: a projection of the ledger, written only by services.record_consent()."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="preferences", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    channel = models.CharField(_("channel"), max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    allowed = models.BooleanField(_("allowed"))
    legal_basis = models.CharField(_("legal basis"), max_length=19, choices=LegalBasis.choices)
    since = models.DateTimeField(_("since"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "purpose", "channel"], name="preference_once"),
        ]
        indexes = [models.Index(fields=["purpose", "channel", "allowed"], name="preference_by_purpose")]

    def __str__(self) -> str:
        return f"{self.purpose}: {'yes' if self.allowed else 'no'}"


class AppendOnlyError(TypeError):
    """A record of the consent ledger was about to be changed or removed by hand."""


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError


class ConsentRecord(models.Model):
    """One line of the ledger (GDPR art. 7(1): be able to demonstrate consent). Never changed."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consent_records", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EMAIL)
    allowed = models.BooleanField()
    legal_basis = models.CharField(max_length=19, choices=LegalBasis.choices)
    # The words that the person saw or that stood in the file, literally.
    wording = models.TextField(blank=True)
    source = models.CharField(max_length=9, choices=Source.choices)
    # Which file and row, which mail, spoken to whom.
    source_detail = models.CharField(max_length=300, blank=True)
    # The row of a file that said so, or whose answer was taken back. The ledger outlives the row, so the
    # database holds no constraint here and nothing is emptied when the row is forgotten.
    import_row = models.ForeignKey(
        "crm.ImportRow",
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    recorded_at = models.DateTimeField()

    objects = ConsentRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["contact", "purpose"], name="consent_by_contact")]

    def __str__(self) -> str:
        return f"{self.purpose}: {'given' if self.allowed else 'withdrawn'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)


class Suppression(models.Model):
    """An address that must never be mailed, as a keyed hash: it outlives the contact and every import."""

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(digest=""), name="suppression_has_digest")]

    def __str__(self) -> str:
        return self.digest[:12]
