"""What a person decides about rows before a plan is applied: one by one, or all of a kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from crm.imports.models import ImportBatch, ImportRow
from crm.imports.services import NotPlanned

Action, Decision = ImportRow.Action, ImportRow.Decision
# What can be said of a row that asks nothing; taking it is what the plan does anyway.
_CHOICES = {
    Action.NEW: {Decision.TAKE, Decision.SKIP},
    Action.CHANGED: {Decision.TAKE, Decision.SKIP, Decision.FILL},
    Action.DUPLICATE: {Decision.TAKE, Decision.SKIP},
}


@dataclass(frozen=True)
class Choice:
    """`contact` is whom to merge with, or whose empty fields to fill."""

    decision: str
    contact: int | None = None


class CannotDecide(ValueError):
    """There is nothing like that to choose for this row."""


@transaction.atomic
def decide(*, batch: ImportBatch, choices: Mapping[int, Choice]) -> int:
    """Keep a choice per position; how many differ from what was chosen before."""
    _check_planned(batch)
    rows = {row.position: row for row in batch.rows.filter(position__in=choices).select_for_update()}
    changed = [row for position, row in rows.items() if _set(row, choices[position])]
    ImportRow.objects.bulk_update(changed, ["decision", "contact"], batch_size=500)
    return len(changed)


@transaction.atomic
def decide_all(*, batch: ImportBatch, action: str, decision: str) -> int:
    """The same choice for every row of a kind. Merging takes those that can be only one person."""
    _check_planned(batch)
    rows = batch.rows.filter(action=action)
    if action != Action.DUPLICATE:
        if decision not in _CHOICES.get(Action(action), ()):
            raise CannotDecide
        return rows.update(decision=decision)
    asked = rows.exclude(candidates=[])
    if decision in (Decision.TAKE, Decision.SKIP):
        return asked.update(decision=decision, contact=None)
    single = [row for row in asked.only("candidates") if len(row.candidates) == 1]
    for row in single:
        row.decision, row.contact_id = decision, row.candidates[0]
    return ImportRow.objects.bulk_update(single, ["decision", "contact"], batch_size=500)


def _check_planned(batch: ImportBatch) -> None:
    here = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk)
    if here.get().state != ImportBatch.State.PLANNED:
        raise NotPlanned


def _set(row: ImportRow, choice: Choice) -> bool:
    """Whether the row did not say so yet; CannotDecide for what it does not offer."""
    before = (row.decision, row.contact_id)
    if not row.is_asked:
        if choice.decision not in {"", *_CHOICES.get(Action(row.action), ())}:
            raise CannotDecide
        row.decision = choice.decision
    elif choice.decision in (Decision.MERGE, Decision.FILL):
        if choice.contact not in row.candidates:
            raise CannotDecide
        row.decision, row.contact_id = choice.decision, choice.contact
    else:
        row.decision, row.contact_id = choice.decision, None
    return before != (row.decision, row.contact_id)


def choices_in(posted: Iterable[tuple[str, str]]) -> dict[int, Choice]:
    """From a form: "choice-12": "merge 345"."""
    found = {}
    for name, value in posted:
        position = name.removeprefix("choice-")
        decision, _space, contact = value.partition(" ")
        number = int(contact) if contact.isdecimal() and len(contact) < 19 else None
        if name != position and position.isdecimal() and len(position) < 10:
            if decision not in ("", *Decision.values):
                raise CannotDecide
            found[int(position)] = Choice(decision, number)
    return found
