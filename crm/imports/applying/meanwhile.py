"""Whether somebody brought in a person whom the plan thought new, between the plan and its application."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from crm.base.bulk_rows import one_by_one
from crm.contacts.models import Contact
from crm.imports.models import ImportBatch
from crm.imports.planning.known import Known, load_people
from crm.imports.planning.matching import People
from crm.imports.planning.nearby import bring_nearby

# The clocks of two machines differ a little, and what was begun before the plan may be committed during it.
_MARGIN = timedelta(minutes=1)


class Meanwhile:
    """The people whom others added or changed since the plan of `batch` was begun, as far as asked for."""

    def __init__(self, batch: ImportBatch) -> None:
        since = (batch.planned_at or batch.created_at) - _MARGIN
        self._others = Contact.objects.filter(updated_at__gte=since).exclude(import_batch=batch)
        self._people = People()
        self._looked_at: set[int] = set()
        # While nobody was, there is nothing to look up.
        self.anybody = self._others.exists()

    def look_for(self, wanted: Sequence[Known]) -> None:
        """Find out whether these are among them, in a few statements."""
        bring_nearby(self._people, wanted, self._bring)

    def _bring(self, contacts: set[int]) -> None:
        fresh = sorted(contacts - self._looked_at)
        self._looked_at.update(fresh)
        others = self._others.filter(pk__in=one_by_one(fresh, "default")) if fresh else Contact.objects.none()
        for person in load_people(others.values_list("pk", flat=True)).values():
            self._people.add(person)

    def is_there(self, person: Known, *, besides: Collection[int] = ()) -> bool:
        """Whether `person`, for whom was looked, is or may be one of them.

        `besides` are those of whom somebody said that it is another person.
        """
        match = self._people.match(person)
        found = [match.person] if match and match.person else match.several if match else []
        return any(one.contact_id not in besides for one in found)
