"""Giving people back what rows of an import changed, field by field, where it still is as the row left it."""

from typing import Any

from crm import bulk_rows
from crm.contacts.facets import keep_facets
from crm.contacts.indexing import keep_documents
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.history.services import keep
from crm.imports.known import OWN_FIELDS, PERMISSIONS, Job, Known, only_sectors, tags_by_key
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.people_writing import Draft, touch, update_people
from crm.imports.values import Values
from crm.preferences.services import take_back_imported

_ADDRESSES = ("email", "mobile", "phone")


class Restorer:
    """Collects what restore() finds to be put back, and writes it at once."""

    def __init__(self, batch: ImportBatch, people: dict[int, Known]) -> None:
        self._batch = batch
        self._own: dict[int, Draft] = {}
        self._points: set[tuple[int, str, str]] = set()
        self._jobs: dict[int, Job] = {}
        self._gone_jobs: set[int] = set()
        self._themes: set[tuple[int, str]] = set()
        # (contact, key of the tag)
        self._tags: set[tuple[int, str]] = set()
        self._heard: set[int] = set()
        self._touched: set[int] = set()
        self._people = people

    def restore(self, row: ImportRow, values: Values, person: Known, place: str) -> list[str]:
        """The fields that are kept, because they are not any more what the row made of them."""
        assert person.contact_id is not None
        self._touched.add(person.contact_id)
        kept = []
        for field, (old, new) in row.changes.items():
            if not self._put_back(person, field, old, new, values, place, row.changes):
                kept.append(field)
        return kept

    def _put_back(
        self,
        person: Known,
        field: str,
        old: "object",
        new: "object",
        values: Values,
        place: str,
        changes: Values,
    ) -> bool:
        pk = person.contact_id or 0
        if field in OWN_FIELDS:
            return self._own_field(person, field, str(old or ""), str(new))
        if field == "last_spoken":
            if person.last_spoken != new:
                return False
            person.last_spoken = person.told_spoken = str(old or "")
            self._heard.add(pk)
            self._own.setdefault(pk, Draft(person, is_new=False))
        elif field in _ADDRESSES:
            self._points |= {(pk, field, value) for value in str(new).split(", ")}
        elif field == "themes":
            before = set(old) if isinstance(old, list) else set()
            self._themes |= {(pk, name) for name in new if name not in before}  # type: ignore[attr-defined]
        elif field == "tags":
            before = tags_by_key(old) if isinstance(old, list) else {}
            self._tags |= {(pk, key) for key in tags_by_key(new) if key not in before}  # type: ignore[arg-type]
        elif field in PERMISSIONS:
            return take_back_imported(
                contact=pk,
                purpose=PERMISSIONS[field],
                before=old,
                file=self._batch.file_name,  # type: ignore[arg-type]
            )
        else:
            if field == "sector" and only_sectors({int(place[1:])}).get(int(place[1:])) == old:
                old = ""  # it spoke for whatever the organisation is
            return self._job(person.jobs.get(place), field, str(old or ""), values, changes)
        return True

    def _own_field(self, person: Known, field: str, old: str, new: str) -> bool:
        if person.name[field] != new:
            return False
        person.name[field] = old
        self._own.setdefault(person.contact_id or 0, Draft(person, is_new=False))
        return True

    def _job(self, job: Job | None, field: str, old: str, values: Values, changes: Values) -> bool:
        """An added function goes as a whole; of an older one each part is put back."""
        if job is None or job.pk is None:
            return True  # somebody ended it: nothing is left to undo
        if "organisation" in changes:
            same = job.job_title == values["job_title"] and job.told_sector == values["sector"]
            if same:
                self._gone_jobs.add(job.pk)
            return same
        now = job.job_title if field == "job_title" else job.told_sector
        if now != values[field]:
            return False
        if field == "job_title":
            job.job_title = old
        else:
            job.told_sector = old
        self._jobs[job.pk] = job
        return True

    def write(self) -> None:
        by, reason = self._batch.created_by, self._batch.file_name
        drafts = list(self._own.values())
        update_people(drafts)
        keep(Contact, [draft.pk for draft in drafts], "~", by=by, reason=reason)
        points = ContactPoint.objects.filter(contact__in={point[0] for point in self._points})
        wanted = [
            pk
            for pk, *point in points.values_list("pk", "contact", "kind", "value")
            if tuple(point) in self._points
        ]
        keep(ContactPoint, wanted, "-", by=by, reason=reason)
        ContactPoint.objects.filter(pk__in=wanted)._raw_delete("default")
        changed = {pk: job for pk, job in self._jobs.items() if pk not in self._gone_jobs}
        rows = [(pk, job.job_title, job.told_sector) for pk, job in changed.items()]
        bulk_rows.update(Affiliation, ("job_title", "sector"), rows)
        keep(Affiliation, list(changed), "~", by=by, reason=reason)
        keep(Affiliation, self._gone_jobs, "-", by=by, reason=reason)
        Affiliation.objects.filter(pk__in=self._gone_jobs)._raw_delete("default")
        self._unlink(Contact.themes.through, "theme__name_nl", self._themes)
        self._unlink(Contact.tags.through, "tag__key", self._tags)
        keep_documents(self._touched)
        keep_facets(self._heard)
        touch(self._touched)

    def _unlink(self, through: Any, name: str, wanted: set[tuple[int, str]]) -> None:
        there = through.objects.filter(contact__in={contact for contact, _name in wanted})
        gone = [pk for pk, *link in there.values_list("pk", "contact", name) if tuple(link) in wanted]
        keep(through, gone, "-", by=self._batch.created_by, reason=self._batch.file_name)
        through.objects.filter(pk__in=gone)._raw_delete("default")
