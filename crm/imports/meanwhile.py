"""Whether somebody brought in a person whom the plan thought new, between the plan and its application."""

from django.db.models import Max

from crm.contacts.models import Contact
from crm.imports.known import Known, load_people
from crm.imports.matching import People
from crm.imports.models import ImportBatch, ImportRow
from crm.timeline.models import TimelineEntry

_MOST = 5000


class Meanwhile:
    """Made once per slice of work: what was changed by hand since the plan. Who is new is asked per piece."""

    def __init__(self, batch: ImportBatch) -> None:
        self._own = batch.rows.filter(action=ImportRow.Action.NEW).aggregate(last=Max("contact"))["last"]
        by_others = TimelineEntry.objects.filter(at__gte=batch.planned_at or batch.created_at, contact__gt=0)
        touched = by_others.exclude(link=batch.get_absolute_url()).order_by()
        self._touched = set(touched.values_list("contact", flat=True).distinct()[:_MOST])
        self._people = People()
        self.anybody = False

    def look(self) -> None:
        """Before each piece: whoever has a number behind those of this file came from elsewhere."""
        if self._own is None:  # it brings in nobody
            return
        newer = Contact.objects.filter(pk__gt=self._own).order_by("pk").values_list("pk", flat=True)
        people = load_people(self._touched | set(newer[:_MOST]))
        self._people, self.anybody = People(people.values()), bool(people)

    def is_there(self, person: Known) -> bool:
        return self._people.match(person) is not None
