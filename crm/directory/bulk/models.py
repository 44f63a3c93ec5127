"""Changes made to many contacts together: what, to whom, and what it changed of each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.base.jobs import Leased
from crm.contacts.models import Contact
from crm.preferences.models import Purpose
from crm.themes.models import Tag, Theme


class BulkAction(Leased):
    class Kind(models.TextChoices):
        ADD_TAG = "add tag", _("add a tag")
        REMOVE_TAG = "remove tag", _("take a tag away")
        ADD_THEME = "add theme", _("add a theme")
        REMOVE_THEME = "remove theme", _("take a theme away")
        PERMISSION = "permission", _("note what they may be mailed for")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned, nothing changed yet")
        RUNNING = "running", _("being done")
        DONE = "done", _("done")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    # One of these, as the kind asks; a tag or theme may be removed from Kwartet later, its name stays.
    tag = models.ForeignKey(Tag, models.SET_NULL, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, blank=True)
    allowed = models.BooleanField(null=True, blank=True)
    # Stands in the ledger of every person.
    reason = models.CharField(max_length=200, blank=True)
    # The filter that chose them, as a Segment keeps it.
    filter: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("change of many")
        verbose_name_plural = _("changes of many")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="permission") | (~Q(purpose="") & ~Q(reason="") & Q(allowed__isnull=False)),
                name="bulk_permission_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)

    def get_absolute_url(self) -> str:
        return reverse("bulk_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.UNDOING)


class BulkActionRowQuerySet(models.QuerySet["BulkActionRow"]):
    def waiting(self, action: BulkAction) -> BulkActionRowQuerySet:
        """Those that are still to be done, or to be undone."""
        if action.state == BulkAction.State.UNDOING:
            return self.filter(outcome=BulkActionRow.Outcome.CHANGED)
        return self.filter(outcome=BulkActionRow.Outcome.WAITING)

    def counts(self) -> dict[str, int]:
        """How many rows per outcome, those that occur."""
        return dict(self.order_by().values_list("outcome").annotate(models.Count("pk")))


class BulkActionRow(models.Model):
    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CHANGED = "changed", _("changed")
        SAME = "same", _("was so already")
        SAID_NO = "said no", _("said no, and only they can take that back")
        GONE = "gone", _("is not there any more")
        UNDONE = "undone", _("undone")
        KEPT = "kept", _("not undone: it was changed again since")

    action = models.ForeignKey(BulkAction, models.CASCADE, related_name="rows")
    # In the order of the list, from 1.
    position = models.PositiveIntegerField()
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="bulk_rows")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    # What undoing needs: the row that was added between contact and tag, or the answer before and the
    # moment of the new one.
    link = models.BigIntegerField(null=True, blank=True)
    earlier: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True
    )
    since = models.DateTimeField(null=True, blank=True)

    objects = BulkActionRowQuerySet.as_manager()

    class Meta:
        ordering = ["action", "position"]
        constraints = [models.UniqueConstraint(fields=["action", "position"], name="bulk_row_once")]
        indexes = [models.Index(fields=["action", "outcome"], name="bulk_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.outcome}"
