"""Rows that waited for a person while the others of their import were applied."""

from collections.abc import Mapping
from dataclasses import replace

from crm.accounts.models import User
from crm.base.bulk_rows import by_key
from crm.imports.applying.pieces import write_people
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.deciding import Choice, Decided, keep_choices
from crm.imports.services import NotPlanned


@by_key()
def settle(*, batch: ImportBatch, choices: Mapping[int, Choice], by: User) -> Decided:
    """Keep what is chosen for rows that wait and apply them at once; NotPlanned where none can wait.

    On whichever of them somebody decided meanwhile, that stays: what is applied is undone, not decided anew.
    """
    here = ImportBatch.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=batch.pk)
    if here.state != ImportBatch.State.APPLIED or here.forgotten:
        raise NotPlanned
    waiting = {position: replace(choice, seen="") for position, choice in choices.items()}
    asked = here.rows.filter(action=ImportRow.Action.DUPLICATE)
    decided = keep_choices(asked, waiting, by)
    if positions := [row.position for row in decided.changed]:
        write_people(here, asked.filter(position__in=positions), positions[0], positions[-1])
    return decided
