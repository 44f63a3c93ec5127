"""A second coder: somebody who codes statements once more without seeing how they were coded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.codes.models import Code
from engagement.statements.models import Statement


class CodingRound(models.Model):
    """Statements that `coder` codes blind; only when it is finished are the two ways laid side by side."""

    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("second coder")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("coding round")
        verbose_name_plural = _("coding rounds")

    def __str__(self) -> str:
        return str(self.coder)

    def get_absolute_url(self) -> str:
        return reverse("code_round_detail", args=[self.pk])


class BlindCodingQuerySet(models.QuerySet["BlindCoding"]):
    def done(self) -> BlindCodingQuerySet:
        return self.exclude(coded_at=None)


class BlindCoding(models.Model):
    """How a statement was coded by the `first` coder, as of then, and by the `second` one."""

    class Choice(models.TextChoices):
        FIRST = "first", _("as the first coder did")
        SECOND = "second", _("as the second coder did")
        BOTH = "both", _("all codes of both")

    round = models.ForeignKey(CodingRound, models.CASCADE, related_name="codings")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="blind_codings")
    position = models.PositiveSmallIntegerField()
    first = models.ManyToManyField(Code, related_name="+")
    second = models.ManyToManyField(Code, related_name="+")
    coded_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(max_length=6, choices=Choice.choices, blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BlindCodingQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "statement"], name="blind_coding_once"),
            models.UniqueConstraint(fields=["round", "position"], name="blind_coding_in_order"),
            models.CheckConstraint(
                condition=Q(choice="", chosen_by=None) | ~Q(choice="") & Q(chosen_by__isnull=False),
                name="blind_coding_chosen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}, {self.position}"
