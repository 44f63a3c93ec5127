"""One spreadsheet and what each of its rows will do, does and did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.base.jobs import Leased
from crm.base.sectors import Sector
from crm.contacts.models import Contact
from crm.imports.kinds import kind_choices
from crm.organisations.models import Organisation


class Kind(models.TextChoices):
    """The kinds that are known here; other nouns register more (see kinds.py)."""

    CONTACTS = "contacts", _("contacts")
    ORGANISATIONS = "organisations", _("organisations")


class ImportLayout(models.Model):
    """How the columns of one layout are read, as a person confirmed it: the next such file asks nothing."""

    # Of the headings in their order; see layouts.py.
    fingerprint = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=13, choices=kind_choices)
    # The field per column, "" for one that is not used.
    fields: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    sector = models.CharField(max_length=13, choices=Sector.choices, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    confirmed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.fingerprint[:12]


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def undecided(self) -> ImportBatchQuerySet:
        """Those of which a person must decide something: the columns, the plan, going on, or a row."""
        waiting = ImportRow.objects.to_decide().filter(batch=models.OuterRef("pk"))
        applied = Q(state=ImportBatch.State.APPLIED, forgotten=False) & Q(models.Exists(waiting))
        return self.filter(Q(state__in=_UNDECIDED) | applied)


class ImportBatch(Leased):
    Kind = Kind

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("being read")
        MAPPING = "mapping", _("columns to confirm")
        PLANNING = "planning", _("being planned")
        PLANNED = "planned", _("planned, nothing changed yet")
        QUEUED = "queued", _("waiting to be applied")
        APPLYING = "applying", _("being applied")
        PAUSED = "paused", _("paused")
        APPLIED = "applied", _("applied")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("thrown away")
        FAILED = "failed", _("could not be read")

    # "" until the columns are known and nobody said what is in the file.
    kind = models.CharField(max_length=13, choices=kind_choices, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    # Why it failed; this, what is remarked and the reasons of rows are as crm/base/said.py has it.
    problem: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, blank=True)
    file_name = models.CharField(max_length=255)
    # The sheets that rows come from; the one that a person chose; all that there are.
    sheet = models.CharField(max_length=100, blank=True)
    wanted_sheet = models.CharField(max_length=100, blank=True)
    all_sheets: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # [heading, field] per column, as recognised ("" is a column that is not used); shown above the plan.
    columns: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    # A few values per column, to recognise it by; they go when the rows go.
    examples: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    layout = models.ForeignKey(ImportLayout, models.SET_NULL, null=True, blank=True)
    # About the file as a whole, such as sheets that were not read.
    remarks: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    # The sector of organisations in a file that has no such column.
    sector = models.CharField(max_length=13, choices=Sector.choices, blank=True)
    # The position of the last row that is planned, applied, and (from the end) undone.
    planned_to = models.PositiveIntegerField(default=0)
    applied_to = models.PositiveIntegerField(default=0)
    undone_from = models.PositiveIntegerField(null=True, blank=True)
    # Whether its file and its rows are gone: what was applied stays, but cannot be undone any more.
    forgotten = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state in WORKING

    @property
    def undo_until(self) -> datetime | None:
        """The last moment at which it can be undone; then what its rows said is forgotten."""
        if self.forgotten or self.finished_at is None:
            return None
        return self.finished_at + timedelta(days=settings.IMPORT_UNDO_DAYS)


State = ImportBatch.State
_UNDECIDED = [State.MAPPING, State.PLANNED, State.PAUSED]
WORKING = [State.UPLOADED, State.PLANNING, State.QUEUED, State.APPLYING, State.UNDOING]


class ImportFilePart(models.Model):
    """A piece of an uploaded file, in the database so that any worker can read it; gone with the work."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="file_parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="import_file_part_once")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.position}"


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def that_write(self) -> ImportRowQuerySet:
        """Those that put something into the database: also a later row that fills a gap of an earlier one."""
        asked = Q(action=ImportRow.Action.DUPLICATE) & ~Q(decision="")
        writes = Q(action=ImportRow.Action.NEW) | ~Q(changes={}) | asked
        return self.filter(writes).exclude(decision=ImportRow.Decision.SKIP)

    def that_are_taken(self) -> ImportRowQuerySet:
        """Possible duplicates of whom a person says that they are nobody known."""
        return self.filter(action=ImportRow.Action.DUPLICATE, decision=ImportRow.Decision.TAKE)

    def to_decide(self) -> ImportRowQuerySet:
        """Possible duplicates that wait for a person, also when the other rows are applied."""
        return self.filter(action=ImportRow.Action.DUPLICATE, decision="")

    def decided(self) -> ImportRowQuerySet:
        """Possible duplicates of whom a person said who they are."""
        said = self.filter(action=ImportRow.Action.DUPLICATE, contact__isnull=False)
        return said.exclude(decision__in=["", ImportRow.Decision.SKIP])

    def counts(self) -> dict[str, int]:
        """How many rows per action, every action included."""
        found = dict(self.order_by().values_list("action").annotate(models.Count("pk")))
        return {action.value: found.get(action.value, 0) for action in ImportRow.Action}


class ImportRow(models.Model):
    class Action(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("same")
        # Surely of whom an earlier row of the file is, so nobody has to decide.
        REPEATED = "repeated", _("again in this file")
        DUPLICATE = "duplicate", _("possible duplicate")
        REFUSED = "refused", _("refused")

    class Decision(models.TextChoices):
        TAKE = "take", _("take")
        SKIP = "skip", _("skip")
        MERGE = "merge", _("merge")
        FILL = "fill", _("fill only empty fields")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    # In file order, from 1.
    position = models.PositiveIntegerField()
    # The sheet's row, or the line where the CSV record begins (1 = first).
    number = models.PositiveIntegerField()
    # Only in a file of which several sheets are read.
    sheet = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=9, choices=Action.choices)
    reason: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, blank=True)
    original: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    # Only what is filled; see values.py.
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # What applying does, field by field: {field: [old, new]}.
    changes: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    # Whom a possible duplicate could be, by number.
    candidates: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    # What a person decided, "" for what the plan proposes, and who that was.
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # Whom the row is about. Somebody new has this number from the plan on, before there is such a row, so
    # the database holds no constraint here and applying need not write anything back.
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_rows",
        db_constraint=False,
        db_index=False,
    )
    # The same; in a list of contacts it is the organisation that this row brought in.
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_rows",
        db_constraint=False,
        db_index=False,
    )
    # The position of the earlier row of the same file that is the same person or organisation.
    repeats = models.PositiveIntegerField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    # What undoing left as it is.
    kept: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="import_row_once")]
        indexes = [
            models.Index(fields=["batch", "action", "position"], name="import_row_by_action"),
            models.Index(
                fields=["batch", "repeats"], condition=Q(repeats__isnull=False), name="import_row_repeats"
            ),
            models.Index(fields=["contact"], condition=Q(contact__isnull=False), name="import_row_contact"),
            models.Index(
                fields=["organisation"],
                condition=Q(organisation__isnull=False),
                name="import_row_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.action}"

    @property
    def is_asked(self) -> bool:
        """A possible duplicate, on which a person decides."""
        return self.action == self.Action.DUPLICATE

    @property
    def is_waiting(self) -> bool:
        """A possible duplicate on which nobody decided yet."""
        return self.is_asked and not self.decision

    @property
    def choice(self) -> str:
        """What is decided, as a form has it: "merge 345"; "" is what happens when nobody decides."""
        if self.decision == self.Decision.TAKE and not self.is_asked:
            return ""
        whom = self.is_asked and self.decision in (self.Decision.MERGE, self.Decision.FILL)
        return f"{self.decision} {self.contact_id}" if whom else self.decision

    def keep_to_choice(self) -> None:
        """Leave of the changes what fills something empty, where a person chose that for the row."""
        if self.decision == self.Decision.FILL and not self.is_asked:
            self.changes = {name: pair for name, pair in self.changes.items() if not pair[0]}
            self.save(update_fields=["changes"])

    @property
    def is_new(self) -> bool:
        """Whether it brings somebody in: by the plan, or because a person says that it is nobody known."""
        return self.action == self.Action.NEW or self.is_asked and self.decision == self.Decision.TAKE

    @property
    def place(self) -> str:
        """The row's number, with its sheet when there are several: "Ondernemers 12"."""
        return f"{self.sheet} {self.number}".strip()
