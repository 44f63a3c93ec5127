"""Evidence: which statements a part of the strategy rests on, and what became of each there."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.base.tracking import History
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def of(self, statements: Iterable[Statement]) -> EvidenceQuerySet:
        """What became of these statements, with the parts that rest on them in their order."""
        return (
            self.filter(statement__in=[one.pk for one in statements])
            .select_related("item")
            .order_by("item__position")
        )

    def shown(self) -> EvidenceQuerySet:
        """That of statements which may leave the core team."""
        return self.filter(statement__in=Statement.objects.releasable())


# How the outcomes are drawn, and what stands for none.
ICONS = {
    "adopted": "check",
    "partly": "circle-slash",
    "not adopted": "x",
    "open": "clock",
}
NOT_USED = "circle-dashed"


class Evidence(models.Model):
    """A link between a statement and a part of the strategy, with its outcome and the reason for it."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        PARTLY = "partly", _("partly adopted")
        NOT_ADOPTED = "not adopted", _("not adopted")
        OPEN = "open", _("still to be decided")

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="evidence", verbose_name=_("statement")
    )
    item = models.ForeignKey(
        StrategyItem, models.PROTECT, related_name="evidence", verbose_name=_("part of the strategy")
    )
    outcome = models.CharField(
        _("what became of it"), max_length=11, choices=Outcome.choices, default=Outcome.OPEN
    )
    reason_nl = models.TextField(_("why"), max_length=1000, blank=True)
    reason_en = models.TextField(_("why, in English"), max_length=1000, blank=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    linked_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EvidenceQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [models.UniqueConstraint(fields=["statement", "item"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.item} ← {self.statement}"

    def get_absolute_url(self) -> str:
        return reverse("evidence_edit", args=[self.pk])

    @property
    def icon(self) -> str:
        return ICONS[self.outcome]

    @property
    def reason(self) -> str:
        english = (get_language() or "nl").startswith("en")
        return self.reason_en if english and self.reason_en else self.reason_nl
