"""The strategy: pillars, goals and measures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StrategyItem(models.Model):
    class Kind(models.TextChoices):
        PILLAR = "pillar", _("pillar")
        GOAL = "goal", _("goal")
        MEASURE = "measure", _("measure")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    # Its place in the tree, "1.2.3".
    code = models.CharField(_("code"), max_length=20, unique=True)
    title_nl = models.CharField(_("title in Dutch"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("part of the strategy")
        verbose_name_plural = _("strategy")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pillar", parent=None) | (~Q(kind="pillar") & Q(parent__isnull=False)),
                name="strategy_item_only_pillar_is_root",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title_nl}"
