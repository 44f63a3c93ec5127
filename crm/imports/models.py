"""One spreadsheet and what each of its rows will do, does and did."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.sectors import Sector


class ImportBatch(models.Model):
    class Kind(models.TextChoices):
        CONTACTS = "contacts", _("contacts")
        ORGANISATIONS = "organisations", _("organisations")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned, nothing changed yet")
        QUEUED = "queued", _("waiting to be applied")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("thrown away")

    kind = models.CharField(max_length=13, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=100, blank=True)
    # [heading, field] per column, as recognised ("" is a column that is not used); shown above the plan.
    columns: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    # Sentences about the file as a whole, such as sheets that were not read.
    remarks: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # The sector of organisations in a file that has no such column.
    sector = models.CharField(max_length=13, choices=Sector.choices, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Until then one worker applies it; a killed worker's claim simply runs out.
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.APPLYING)


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def that_write(self) -> ImportRowQuerySet:
        """Those that put something into the database: also a later row that fills a gap of an earlier one."""
        return self.filter(Q(action=ImportRow.Action.NEW) | ~Q(changes={}))

    def counts(self) -> dict[str, int]:
        """How many rows per action, every action included."""
        found = dict(self.order_by().values_list("action").annotate(models.Count("pk")))
        return {action.value: found.get(action.value, 0) for action in ImportRow.Action}


class ImportRow(models.Model):
    class Action(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("same")
        DUPLICATE = "duplicate", _("duplicate")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    # In file order, from 1.
    position = models.PositiveIntegerField()
    # The sheet's row, or the line where the CSV record begins (1 = first).
    number = models.PositiveIntegerField()
    # Only in a file of which several sheets are read.
    sheet = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=9, choices=Action.choices)
    reason = models.TextField(blank=True)
    original: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What applying does, field by field: {field: [old, new]}.
    changes: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="import_rows")
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="import_rows"
    )
    # The earlier row of the same file that is the same person or organisation.
    repeats = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="repeated_by")
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.place}: {self.action}"

    @property
    def place(self) -> str:
        """The row's number, with its sheet when there are several: "Ondernemers 12"."""
        return f"{self.sheet} {self.number}".strip()
