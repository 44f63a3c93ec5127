"""Putting back what rows of a list of people did. The caller owns the transaction."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from crm.base.bulk_rows import one_by_one
from crm.base.happenings import tell_all
from crm.base.parts import delete_with_parts
from crm.base.said import Said
from crm.contacts.models import Affiliation, Contact
from crm.imports.columns.values import Values, whole
from crm.imports.happenings import Teller
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.known import OWN_FIELDS, PERMISSIONS, Known, from_values, load_people
from crm.imports.planning.lookups import OrganisationKeys
from crm.imports.said import CHANGED_SINCE, CONTACT_GONE, IN_USE, ORGANISATION_IN_USE
from crm.imports.undoing.deleting import delete_organisations, in_use
from crm.imports.undoing.merged import Merged
from crm.imports.undoing.restoring import Restorer


class PeopleUndoer:
    """Undoes rows in the order given, the last of the file first."""

    def __init__(self, batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
        self._batch, self._rows = batch, rows
        self._values = [whole(batch.kind, row.values) for row in rows]
        self._organisations = OrganisationKeys()
        self._organisations.learn(values["organisation"] for values in self._values)
        self._merged = Merged(Contact, {row.contact_id for row in rows if row.contact_id})

    def undo(self) -> None:
        numbers = sorted({row.contact_id for row in self._rows if row.contact_id})
        locked = Contact.objects.filter(pk__in=one_by_one(numbers, "default")).order_by("pk")
        people = load_people(locked.select_for_update().values_list("pk", flat=True))
        changed = [(row, values) for row, values in self._pairs() if not row.is_new]
        self._put_back(changed, people)
        new = [(row, values) for row, values in self._pairs() if row.is_new]
        people = load_people(row.contact_id for row, _values in new if row.contact_id in people)
        self._remove(new, people)
        self._remove_organisations()

    def _pairs(self) -> Iterable[tuple[ImportRow, Values]]:
        return zip(self._rows, self._values, strict=True)

    def _put_back(self, pairs: Sequence[tuple[ImportRow, Values]], people: dict[int, Known]) -> None:
        restorer = Restorer(self._batch, people)
        undone = []
        for row, values in pairs:
            person = people.get(row.contact_id or 0)
            if person is None:
                row.kept = self._gone(row, values)
                continue
            kept = restorer.restore(row, values, person, self._organisations.of(values["organisation"]))
            row.kept = [CHANGED_SINCE(fields=kept)] if kept else []
            undone.append((row, sorted(set(row.changes) - set(kept))))
        restorer.write()
        teller, now = Teller(self._batch), timezone.now()
        tell_all(
            [teller.undone(row, done, contacts=[row.contact_id or 0], at=now) for row, done in undone if done]
        )

    def _remove(self, pairs: Sequence[tuple[ImportRow, Values]], people: dict[int, Known]) -> None:
        """Delete whom the rows brought in, unless somebody did something with them."""
        used = in_use(self._batch, list(people))
        free = []
        for row, values in pairs:
            person = people.get(row.contact_id or 0)
            if person is None:
                row.kept = self._gone(row, values)
            elif took_in := self._merged.took_in(row, values, row.contact_id or 0):
                row.kept = took_in
            elif different := self._differences(person, values):
                row.kept = [CHANGED_SINCE(fields=different)]
            elif uses := used.get(row.contact_id or 0):
                row.kept = [IN_USE(uses=uses)]
            else:
                free.append(row.contact_id or 0)
        delete_with_parts(Contact, free)

    def _gone(self, row: ImportRow, values: Values) -> list[Said]:
        return self._merged.away(row, values, row.contact_id or 0) or [CONTACT_GONE()]

    def _differences(self, person: Known, values: Values) -> list[str]:
        """The fields in which somebody is not any more what the row made."""
        made = from_values(values, self._organisations.of(values["organisation"]))
        made.name["language"] = made.name["language"] or "nl"
        found = [part for part in OWN_FIELDS if person.name[part] != made.name[part]]
        found += ["email"] if set(person.emails) != set(made.emails) else []
        found += ["phone"] if set(person.phones) != set(made.phones) else []
        found += ["organisation"] if person.jobs.keys() != made.jobs.keys() else []
        for place in person.jobs.keys() & made.jobs.keys():
            now, then = person.jobs[place], made.jobs[place]
            found += [name for name in Affiliation.TEXTS if now.texts[name] != then.texts[name]]
            found += ["sector"] if now.told_sector != then.sector else []
        found += ["themes"] if person.themes != made.themes else []
        found += ["tags"] if person.tags.keys() != made.tags.keys() else []
        return found + [
            name for name in PERMISSIONS if person.permissions.get(name) != made.permissions[name]
        ]

    def _remove_organisations(self) -> None:
        """Those that these rows brought in, unless they are in use."""
        founders = {row.organisation_id: row for row in self._rows if row.organisation_id}
        for number, uses in delete_organisations(self._batch, list(founders)).items():
            row = founders[number]
            row.kept = [*row.kept, ORGANISATION_IN_USE(uses=uses)]
