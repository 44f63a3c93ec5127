"""What a person decides about rows before a plan is applied: one by one, or all of a kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from crm.accounts.models import User
from crm.imports.models import ImportBatch, ImportRow, ImportRowQuerySet
from crm.imports.services import NotPlanned

Action, Decision = ImportRow.Action, ImportRow.Decision
# What can be said of a row that asks nothing; taking it is what the plan does anyway.
_CHOICES = {
    Action.NEW: {Decision.TAKE, Decision.SKIP},
    Action.CHANGED: {Decision.TAKE, Decision.SKIP, Decision.FILL},
    Action.REPEATED: {Decision.TAKE, Decision.SKIP},
}
# Of all rows of a kind at once.
_CHOICES_OF_ALL = {**_CHOICES, Action.DUPLICATE: set(Decision)}
_KEPT = ["decision", "contact", "decided_by"]


@dataclass(frozen=True)
class Choice:
    """`contact` is whom to merge with, or whose empty fields to fill.

    `seen` is what was chosen when the page was opened, None from who saw no page.
    """

    decision: str
    contact: int | None = None
    seen: str | None = None

    @property
    def word(self) -> str:
        """As ImportRow.choice has it."""
        return f"{self.decision} {self.contact}" if self.contact else self.decision


class CannotDecide(ValueError):
    """There is nothing like that to choose for this row."""


@dataclass(frozen=True)
class Decided:
    """The rows of which the choice is kept, and those on which somebody else decided meanwhile."""

    changed: list[ImportRow]
    meanwhile: list[ImportRow]


@transaction.atomic
def decide(*, batch: ImportBatch, choices: Mapping[int, Choice], by: User) -> Decided:
    """Keep a choice per position, unless another one was kept since the page was opened."""
    _check_planned(batch)
    return keep_choices(batch.rows.all(), choices, by)


def keep_choices(rows: ImportRowQuerySet, choices: Mapping[int, Choice], by: User) -> Decided:
    """See decide(); the caller owns the transaction."""
    found = rows.filter(position__in=choices).select_related("decided_by").select_for_update(of=("self",))
    changed, meanwhile = [], []
    for row in found.order_by("position"):
        choice, before = choices[row.position], row.choice
        # On a page with many rows most are left as they stood there.
        if choice.word in (choice.seen, before):
            continue
        if choice.seen not in (None, before):
            meanwhile.append(row)
            continue
        _set(row, choice)
        if row.choice != before:
            row.decided_by = by if row.decision else None
            changed.append(row)
    ImportRow.objects.bulk_update(changed, _KEPT, batch_size=500)
    return Decided(changed, meanwhile)


@transaction.atomic
def decide_all(*, batch: ImportBatch, action: str, decision: str, by: User) -> int:
    """The same choice for every row of a kind on which nobody else decided; how many somebody else did.

    Merging takes those that can be only one person.
    """
    _check_planned(batch)
    if decision not in _CHOICES_OF_ALL.get(Action(action), ()):
        raise CannotDecide
    by_others = ~Q(decision="") & Q(decided_by__isnull=False) & ~Q(decided_by=by)
    every = batch.rows.filter(action=action)
    rows, others = every.exclude(by_others), every.filter(by_others).exclude(decision=decision).count()
    if action != Action.DUPLICATE:
        rows.update(decision=decision, decided_by=by)
    elif decision in (Decision.TAKE, Decision.SKIP):
        rows.update(decision=decision, contact=None, decided_by=by)
    else:
        single = [row for row in rows.only("candidates") if len(row.candidates) == 1]
        for row in single:
            row.decision, row.contact_id, row.decided_by = decision, row.candidates[0], by
        ImportRow.objects.bulk_update(single, _KEPT, batch_size=500)
    return others


def _check_planned(batch: ImportBatch) -> None:
    here = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk)
    if here.get().state != ImportBatch.State.PLANNED:
        raise NotPlanned


def _set(row: ImportRow, choice: Choice) -> None:
    """CannotDecide for what the row does not offer."""
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


def choices_in(posted: Iterable[tuple[str, str]]) -> dict[int, Choice]:
    """From a form: "choice-12": "merge 345" and, as it stood there, "seen-12": ""."""
    words = dict(posted)
    found = {}
    for name, value in words.items():
        position = name.removeprefix("choice-")
        decision, _space, contact = value.partition(" ")
        number = int(contact) if contact.isdecimal() and len(contact) < 19 else None
        if name != position and position.isdecimal() and len(position) < 10:
            if decision not in ("", *Decision.values):
                raise CannotDecide
            found[int(position)] = Choice(decision, number, words.get(f"seen-{position}"))
    return found
