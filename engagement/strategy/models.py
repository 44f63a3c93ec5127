"""The strategy: pillars, goals and measures, one under the other."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.base.tracking import History
from crm.contacts.models import Contact
from crm.organisations.models import Organisation


class StrategyItemQuerySet(models.QuerySet["StrategyItem"]):
    def that_can_hold(self, item: StrategyItem) -> StrategyItemQuerySet:
        """What `item` can be directly under; nothing for a pillar."""
        kind = StrategyItem.UNDER[StrategyItem.Kind(item.kind)]
        return self.filter(kind=kind)


class StrategyItem(models.Model):
    """A pillar, a goal in one, or a measure under a goal.

    `position` is its place in the whole tree, read from top to bottom; `code` says where that is ("1.2.10",
    which in the alphabet comes before "1.2.9"). services.py keeps both. Its history keeps the earlier texts.
    `uuid` is what a spreadsheet knows it by.
    """

    class Kind(models.TextChoices):
        PILLAR = "pillar", _("pillar")
        GOAL = "goal", _("goal")
        MEASURE = "measure", _("measure")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("part of the strategy", "proposed")
        ADOPTED = "adopted", pgettext_lazy("part of the strategy", "adopted")
        RUNNING = "running", pgettext_lazy("part of the strategy", "running")
        DONE = "done", pgettext_lazy("part of the strategy", "done")
        DROPPED = "dropped", pgettext_lazy("part of the strategy", "dropped")

    class Aspect(models.TextChoices):
        HARDWARE = "hardware", _("hardware")
        SOFTWARE = "software", _("software")
        BOTH = "both", _("hardware and software")

    # What stands directly under what.
    UNDER = {Kind.PILLAR: None, Kind.GOAL: Kind.PILLAR, Kind.MEASURE: Kind.GOAL}

    uuid = models.UUIDField(_("Kwartet key"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    position = models.PositiveSmallIntegerField(_("place"), default=0, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    text_nl = models.TextField(_("text in Dutch"), max_length=4000, blank=True)
    text_en = models.TextField(_("text in English"), max_length=4000, blank=True)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="strategy_items",
        verbose_name=_("who carries it out"),
    )
    owner_contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="strategy_items",
        verbose_name=_("their contact"),
    )
    aspect = models.CharField(_("aspect"), max_length=8, choices=Aspect.choices, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    progress = models.PositiveSmallIntegerField(
        _("done so far, in %"), default=0, validators=[MaxValueValidator(100)]
    )
    stalled_since = models.DateField(_("at a standstill since"), null=True, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # Goes up with every change, so that a form opened before another one says so.
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StrategyItemQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("part of the strategy")
        verbose_name_plural = _("strategy")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pillar", parent=None) | (~Q(kind="pillar") & Q(parent__isnull=False)),
                name="strategy_item_only_pillar_is_root",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="strategy_item_is_not_part_of_itself"
            ),
            models.CheckConstraint(condition=~Q(title_nl=""), name="strategy_item_has_title"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="strategy_item_progress_in_percent"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lte=F("ends_on")),
                name="strategy_item_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("strategy_item", args=[self.pk])

    def clean(self) -> None:
        """A goal is part of a pillar and a measure of a goal: so none is part of itself, however far down."""
        wanted = self.UNDER[self.Kind(self.kind)]
        if (self.parent.kind if self.parent else None) != wanted:
            raise ValidationError({"parent": _WRONG_PARENT[self.Kind(self.kind)]})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("This is before the start.")})

    @property
    def number(self) -> int:
        """Which one it is of those under the same one, counted from 1."""
        return int(self.code.rpartition(".")[2])

    @property
    def title(self) -> str:
        return self._in_language(self.title_nl, self.title_en)

    @property
    def text(self) -> str:
        return self._in_language(self.text_nl, self.text_en)

    @staticmethod
    def _in_language(dutch: str, english: str) -> str:
        return english if english and (get_language() or "nl").startswith("en") else dutch


_WRONG_PARENT = {
    StrategyItem.Kind.PILLAR: _("A pillar is part of nothing."),
    StrategyItem.Kind.GOAL: _("A goal is part of a pillar."),
    StrategyItem.Kind.MEASURE: _("A measure is part of a goal."),
}
