"""What is asked before an import does something to many at once."""

from contextlib import suppress

from django.db import transaction
from django.shortcuts import get_object_or_404

from crm.accounts.access import StaffRequest
from crm.base.asking import Question
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.deciding import CannotDecide, choices_in, decide
from crm.imports.services import NotPlanned

State, Action = ImportBatch.State, ImportRow.Action
# So many can be looked through on one page, and undone one by one.
MANY = 50


def about_applying(request: StaffRequest, pk: int) -> Question | None:
    """With the choices on the page, which are not kept by asking."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if batch.state != State.PLANNED:
        return None
    with suppress(NotPlanned, CannotDecide), transaction.atomic():
        choices = choices_in((name, str(value)) for name, value in request.POST.items())
        overtaken = decide(batch=batch, choices=choices, by=request.user).meanwhile
        writing = batch.rows.that_write()
        number, new = writing.count(), writing.filter(action=Action.NEW).count()
        waiting = batch.rows.to_decide().count()
        transaction.set_rollback(True)
        if number > MANY and not overtaken:
            context = {"batch": batch, "number": number, "new": new, "waiting": waiting}
            return Question("crm/imports/ask_apply.html", batch.get_absolute_url(), context, str(number))
    return None


def about_undoing(request: StaffRequest, pk: int) -> Question | None:
    """Of all; one row is undone at once."""
    batch = get_object_or_404(ImportBatch, pk=pk)
    if request.POST.get("row") or batch.state not in (State.APPLIED, State.PAUSED):
        return None
    context = {"batch": batch, "number": batch.rows.that_write().filter(undone_at=None).count()}
    return Question("crm/imports/ask_undo.html", batch.get_absolute_url(), context)


def about_discarding(request: StaffRequest, pk: int) -> Question | None:
    batch = get_object_or_404(ImportBatch, pk=pk)
    if batch.state != State.PLANNED:
        return None
    return Question("crm/imports/ask_discard.html", batch.get_absolute_url(), {"batch": batch})
