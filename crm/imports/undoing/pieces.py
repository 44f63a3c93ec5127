"""Putting back what an import did, its last row first. What was changed since is kept and told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.imports.kinds import KINDS
from crm.imports.models import ImportBatch, ImportRow

State = ImportBatch.State
PIECE = 500


@transaction.atomic
def undo_piece(pk: int, claimed_until: datetime) -> bool:
    """Undo the rows ahead of those undone so far; False once none is left."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=pk)
    if batch.state != State.UNDOING:
        return False
    last = batch.applied_to if batch.undone_from is None else batch.undone_from
    first = max(last - PIECE, 0)
    undo_rows(batch, written(batch).filter(position__gt=first, position__lte=last))
    batch.undone_from, batch.claimed_until = first, claimed_until
    if not first:
        batch.state = State.UNDONE
    batch.save(update_fields=["state", "undone_from", "claimed_until"])
    return bool(first)


@transaction.atomic
def undo_chosen(*, batch: ImportBatch, positions: Sequence[int]) -> list[ImportRow]:
    """Undo these rows and those that repeat them; the rows as they are afterwards."""
    here = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=batch.pk)
    chosen = Q(position__in=positions) | Q(repeats__in=positions)
    return undo_rows(here, written(here).filter(chosen))


def written(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows that were applied, wrote something and are not undone yet."""
    done = ImportRow.objects.filter(batch=batch.pk, position__lte=batch.applied_to, undone_at=None)
    return done.that_write().exclude(action=ImportRow.Action.REFUSED)


def undo_rows(batch: ImportBatch, rows: QuerySet[ImportRow]) -> list[ImportRow]:
    found = list(rows.order_by("-position"))
    KINDS[batch.kind].undo(batch, found)
    now = timezone.now()
    for row in found:
        row.undone_at = now
    ImportRow.objects.bulk_update(found, ["undone_at", "kept"], batch_size=500)
    return found
