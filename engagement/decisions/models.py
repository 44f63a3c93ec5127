"""Decisions: what a body or partner decided about parts of the strategy, and what is on an agenda."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.base.tracking import History
from crm.bodies.models import Body
from crm.organisations.models import Organisation
from engagement.strategy.models import StrategyItem


class DecisionQuerySet(models.QuerySet["Decision"]):
    def to_come(self, on: date) -> DecisionQuerySet:
        """What is on the agenda, the first day first."""
        return self.filter(decided_on__gt=on).order_by("decided_on", "pk")

    def taken(self, on: date) -> DecisionQuerySet:
        """The last one first."""
        return self.filter(decided_on__lte=on)


class Decision(models.Model):
    """Taken on a day by a body or an organisation; one whose day is still to come is on the agenda."""

    decided_on = models.DateField(_("when"))
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("body")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("partner"),
    )
    text_nl = models.TextField(_("what was decided"), max_length=2000)
    text_en = models.TextField(_("what was decided, in English"), max_length=2000, blank=True)
    items = models.ManyToManyField(StrategyItem, related_name="decisions", verbose_name=_("about"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DecisionQuerySet.as_manager()
    history = History(m2m_fields=[items])

    class Meta:
        ordering = ["-decided_on", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(body=None, organisation__isnull=False) | Q(body__isnull=False, organisation=None),
                name="decision_taken_by_body_or_partner",
            ),
            models.CheckConstraint(condition=~Q(text_nl=""), name="decision_says_what"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return f"{reverse('decision_list')}#decision-{self.pk}"

    @property
    def text(self) -> str:
        english = (get_language() or "nl").startswith("en")
        return self.text_en if english and self.text_en else self.text_nl

    @property
    def taken_by(self) -> Body | Organisation | None:
        return self.body or self.organisation

    def is_to_come(self, on: date | None = None) -> bool:
        return self.decided_on > (on or timezone.localdate())
