"""Where the data of somebody came from who did not give them themselves, and when they must be told.

GDPR art. 14(3)(a): within a reasonable period after obtaining the data, at the latest within one month.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact


class ProvenanceQuerySet(models.QuerySet["Provenance"]):
    def to_tell(self) -> ProvenanceQuerySet:
        """Those who were not told yet, the most urgent first."""
        return self.filter(told_at=None).order_by("tell_by", "pk")

    def told_last(self) -> ProvenanceQuerySet:
        """Those who were noted as told the last time that any of these was, all with one press."""
        last = self.aggregate(last=models.Max("told_at"))["last"]
        return self.filter(told_at=last) if last else self.none()

    def told_at_moment(self, text: str) -> ProvenanceQuerySet:
        """Nobody for what is no moment with a time zone in ISO 8601."""
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo:
                return self.filter(told_at=moment.astimezone(UTC))
        return self.none()

    def late_on(self, day: date) -> ProvenanceQuerySet:
        return self.filter(told_at=None, tell_by__lt=day)


class Provenance(models.Model):
    contact = models.OneToOneField(
        Contact, models.CASCADE, related_name="provenance", verbose_name=_("contact")
    )
    # Which file and which row of it.
    source = models.CharField(_("source"), max_length=300)
    obtained_on = models.DateField(_("obtained on"))
    tell_by = models.DateField(_("to be told by"))
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    objects = ProvenanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("provenance")
        verbose_name_plural = _("provenances")
        indexes = [
            models.Index(fields=["tell_by"], condition=models.Q(told_at=None), name="provenance_to_tell"),
        ]

    def __str__(self) -> str:
        return self.source
