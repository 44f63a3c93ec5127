"""What people decided on possible duplicates that were brought in before, so that nobody is asked twice."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from crm.imports.columns.values import Values, compact
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.known import Known

Decision = ImportRow.Decision


class Decided(NamedTuple):
    """Who a row is, and whether only their empty fields were to be filled."""

    person: Known
    fill_only: bool


class Decisions:
    """Known as long as the rows are: until an import cannot be undone any more."""

    def of(self, values: Values, could_be: Sequence[Known]) -> Decided | None:
        """What was decided on a row that said exactly this, as far as it says who of these people it is."""
        there = {person.contact_id: person for person in could_be if person.contact_id}
        for contact, decision in self._kept.get(_key(compact(values)), []) if there else []:
            if contact in there:
                return Decided(there[contact], decision == Decision.FILL)
        return None

    @cached_property
    def _kept(self) -> dict[str, list[tuple[int, str]]]:
        batches = ImportBatch.objects.filter(state=ImportBatch.State.APPLIED, forgotten=False)
        rows = ImportRow.objects.decided().filter(batch__in=batches, undone_at=None)
        found: dict[str, list[tuple[int, str]]] = {}
        for values, contact, decision in rows.values_list("values", "contact", "decision").iterator():
            found.setdefault(_key(values), []).append((contact, decision))
        return found


def _key(values: Values) -> str:
    return json.dumps(values, sort_keys=True)
