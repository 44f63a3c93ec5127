"""Files that belong to notes: a report, a document, a recording."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.statements.models import Writeup


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def ended(self, on: date) -> AttachmentQuerySet:
        """Those whose term is over."""
        return self.filter(goes_on__lt=on)


class Attachment(models.Model):
    """The file lies encrypted under its `uuid` (see store.py); `key` is that of the file, wrapped."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", _("document")
        AUDIO = "audio", _("recording")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    writeup = models.ForeignKey(Writeup, models.PROTECT, related_name="attachments", editable=False)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    size = models.PositiveBigIntegerField()
    key = models.TextField(editable=False)
    # Who agreed to being recorded, and how.
    consent = models.CharField(_("consent"), max_length=300, blank=True)
    goes_on = models.DateField(_("goes on"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="audio") | (~Q(consent="") & Q(goes_on__isnull=False)),
                name="recording_has_consent_and_a_term",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment_download", args=[self.pk])
