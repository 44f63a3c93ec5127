"""Codes: the words under which statements are gathered, in a tree of their own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.text import fold, words
from crm.imports.models import ImportBatch
from crm.themes.models import Theme

LONGEST_NAME, LONGEST_KEY = 80, 300


class CodeQuerySet(models.QuerySet["Code"]):
    def in_use(self) -> CodeQuerySet:
        """Those one can choose: not those that were merged into another one."""
        return self.filter(merged_into=None)

    def made_for(self, batch: ImportBatch) -> CodeQuerySet:
        """Those that `batch` made and that are as it made them, without any statement left."""
        untouched = self.filter(import_batch=batch, parent=None, theme=None, description="", merged_into=None)
        gone = CodeMerge.objects.filter(Q(gone=OuterRef("pk")) | Q(kept=OuterRef("pk")))
        return untouched.filter(~Exists(gone), coded=None, children=None)


class Code(models.Model):
    """Two that differ in capitals, accents or spaces only are one. A code under another one is part of it;
    one that hangs on no theme by itself hangs on that of the codes above it.
    """

    name = models.CharField(gettext_lazy("name"), max_length=LONGEST_NAME)
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    description = models.TextField(gettext_lazy("when to use it"), max_length=2000, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=gettext_lazy("part of"),
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="codes",
        verbose_name=gettext_lazy("hangs on the theme"),
    )
    # The spreadsheet whose rows it was made for; with these it goes again while nothing else has it.
    import_batch = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, editable=False, related_name="new_codes"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = CodeQuerySet.as_manager()

    class Meta:
        ordering = ["key", "pk"]
        verbose_name = gettext_lazy("code")
        verbose_name_plural = gettext_lazy("codes")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(merged_into=None), name="code_once"),
            models.CheckConstraint(condition=~Q(key=""), name="code_has_name"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="code_is_not_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = fold(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a name without letters, one that is there already, and a circle."""
        self.name = " ".join(self.name.split())
        if not words(self.name) or "\x00" in self.name:
            raise ValidationError({"name": _("A code needs a name with letters or digits.")})
        if len(fold(self.name)) > LONGEST_KEY:
            raise ValidationError({"name": _("This name is too long.")})
        same = Code.objects.in_use().filter(key=fold(self.name)).exclude(pk=self.pk).first()
        if same:
            raise ValidationError({"name": _("“%(name)s” is there already.") % {"name": same}})
        self._check_no_circle()

    def _check_no_circle(self) -> None:
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                words = _("“%(name)s” is part of this code itself.") % {"name": self.parent}
                raise ValidationError({"parent": words})
            above = above.parent


class CodeMerge(models.Model):
    """That one code became part of another one, with what it takes to undo that.

    `moved` are the keys of links that were pointed at `kept`, `dropped` the [statement, coder] of links that
    were there already, `children` the keys of codes that were part of `gone`.
    """

    gone = models.ForeignKey(Code, models.PROTECT, related_name="+")
    kept = models.ForeignKey(Code, models.PROTECT, related_name="merges")
    moved = models.JSONField(default=list)
    dropped = models.JSONField(default=list)
    children = models.JSONField(default=list)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(gone=F("kept")), name="code_merge_of_two"),
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="code_merged_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"
