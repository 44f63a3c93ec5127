"""A change of many contacts from plan to result: frozen, done piece by piece, and undone the same way."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.accounts.models import User
from crm.base import doorbell, jobs
from crm.contacts.models import Contact, ContactQuerySet
from crm.directory.bulk import changes
from crm.directory.bulk.models import BulkAction, BulkActionRow

State = BulkAction.State
TASK = "tasks.bulk.work_off"
# So many are done while the page waits; of more a worker takes care.
AT_ONCE = 200
_PIECE = 50


class DecidedAlready(ValueError):
    """It was started, undone or thrown away meanwhile."""


@transaction.atomic
def plan(
    *, change: Mapping[str, Any], contacts: ContactQuerySet, audience: Mapping[str, list[str]], by: User
) -> BulkAction:
    """Freeze to whom `change`, fields of BulkAction, will be done; nothing changes yet."""
    action = BulkAction.objects.create(filter=dict(audience), created_by=by, **change)
    numbers = enumerate(contacts.order_by("sort_key", "pk").values_list("pk", flat=True).iterator(), 1)
    while piece := list(islice(numbers, 1000)):
        BulkActionRow.objects.bulk_create(
            BulkActionRow(action=action, position=position, contact_id=pk) for position, pk in piece
        )
    return action


@transaction.atomic
def discard(*, action: BulkAction) -> None:
    """Throw a plan away; DecidedAlready when it is none any more."""
    deleted, _ = BulkAction.objects.filter(pk=action.pk, state=State.PLANNED).delete()
    if not deleted:
        raise DecidedAlready


def start(*, action: BulkAction) -> BulkAction:
    """Do what was planned: here and now when it is little, else by a worker."""
    return _move(action, State.PLANNED, State.RUNNING)


def undo(*, action: BulkAction) -> BulkAction:
    """Take back exactly what it changed: of a permission by a new line in the ledger."""
    return _move(action, State.DONE, State.UNDOING)


def _move(action: BulkAction, before: str, after: str) -> BulkAction:
    with transaction.atomic():
        moved = BulkAction.objects.filter(pk=action.pk, state=before)
        if not moved.update(state=after, started_at=timezone.now(), finished_at=None):
            raise DecidedAlready
        doorbell.ring(TASK)
    if action.rows.count() <= AT_ONCE:
        jobs.work_through(JOB, action.pk)
    action.refresh_from_db()
    return action


def work_off() -> int:
    """Go on with what waits, for one slice; the number of changes finished."""
    return jobs.work_off(JOB)


@transaction.atomic
def _work_piece(claim: jobs.Claim) -> bool:
    """Do or undo the next rows; False once none is left. Its mark is what the rows themselves say."""
    action = BulkAction.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=claim.pk)
    if not action.is_running:
        return False
    rows = list(action.rows.waiting(action).select_related("contact").order_by("position")[:_PIECE])
    # In one order and before anything is read, as the form of a contact does with its one.
    numbers = [row.contact_id for row in rows if row.contact_id]
    list(Contact.objects.select_for_update().filter(pk__in=numbers).order_by("pk"))
    if rows:
        (changes.undo if action.state == State.UNDOING else changes.do)(action, rows)
        BulkActionRow.objects.bulk_update(rows, ["outcome", "link", "earlier", "since"])
        action.claimed_until = claim.renewed()
    else:
        action.state = State.UNDONE if action.state == State.UNDOING else State.DONE
        action.finished_at, action.claimed_until = timezone.now(), None
    action.save(update_fields=["state", "finished_at", "claimed_until"])
    return bool(rows)


JOB = jobs.Job(
    task=TASK,
    model=BulkAction,
    waiting=Q(state__in=[State.RUNNING, State.UNDOING]),
    lease=timedelta(seconds=60),
    step=_work_piece,
)
