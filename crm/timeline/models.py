"""What happened with a contact or an organisation, in one list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from crm.base.happenings import KINDS, Kind
from crm.contacts.models import Contact
from crm.organisations.models import Organisation


class TimelineEntryQuerySet(models.QuerySet["TimelineEntry"]):
    def about(self, subject: Contact | Organisation) -> TimelineEntryQuerySet:
        """Everything of this contact, or of this organisation and its people, newest first."""
        if isinstance(subject, Contact):
            return self.filter(contact=subject)
        people = subject.affiliations.values("contact")
        return self.filter(Q(organisation=subject) | Q(contact__in=people))

    def mails_since(self, moment: datetime) -> TimelineEntryQuerySet:
        """The mails that went out then or later."""
        return self.filter(
            at__gte=moment, kind__in=[one.name for one in KINDS.values() if one.group == "mail"]
        )


class TimelineEntry(models.Model):
    """One thing that happened, as it was told: `kind` is a registered one, and `words` fill its sentence."""

    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="timeline", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="timeline", db_index=False
    )
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    words: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What it is about: the slug of a registered thing and its key, both "" for nothing with a page.
    about_kind = models.CharField(max_length=40, blank=True)
    about_key = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    objects = TimelineEntryQuerySet.as_manager()

    # The page of what it is about, "" for none; set by shown.timeline_of() for one reader.
    address = ""

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["contact", "-at"], name="timeline_of_contact"),
            models.Index(fields=["organisation", "-at"], name="timeline_of_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | Q(organisation__isnull=False),
                name="timeline_about_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.sentence()

    @property
    def registered(self) -> Kind:
        return KINDS[self.kind]

    def spoken(self) -> dict[str, Any]:
        """The words in the active language: "title_en" stands in for "title" in English."""
        language = (get_language() or "nl")[:2]
        words = {name: self.words.get(f"{name}_{language}", word) for name, word in self.words.items()}
        return dict(self.registered.spoken(words))

    def sentence(self) -> str:
        return str(self.registered.phrase) % self.spoken()
