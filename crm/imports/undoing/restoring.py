"""Giving people back what rows of an import changed, field by field, where it still is as the row left it."""

from collections.abc import Collection
from typing import Any, Literal

from crm.base import bulk_rows
from crm.base.tracking import keep
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.imports.applying.drafts import Draft, touch, update_people
from crm.imports.columns.values import Values
from crm.imports.models import ImportBatch, ImportRow
from crm.imports.planning.known import OWN_FIELDS, PERMISSIONS, Job, Known, only_sectors, tags_by_key
from crm.imports.said import FILE
from crm.preferences.services import take_back_imported

_OF_A_JOB = ("organisation", *Affiliation.TEXTS, "sector")
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
        self._touched: set[int] = set()
        self._people = people

    def restore(self, row: ImportRow, values: Values, person: Known, place: str) -> list[str]:
        """The fields that are kept, because they are not any more what the row made of them."""
        self._touched.add(person.contact_id or 0)
        kept = []
        for field, (old, new) in row.changes.items():
            if field in _OF_A_JOB:
                done = self._job_field(person, field, old, values, place, row.changes)
            else:
                done = self._put_back(row, person, field, old, new)
            if not done:
                kept.append(field)
        return kept

    def _put_back(self, row: ImportRow, person: Known, field: str, old: Any, new: Any) -> bool:
        pk = person.contact_id or 0
        if field in OWN_FIELDS:
            return self._own_field(person, field, str(old or ""), str(new))
        if field == "last_spoken":
            return self._last_spoken(person, str(old or ""), str(new))
        if field in PERMISSIONS:
            return take_back_imported(
                contact=pk,
                purpose=PERMISSIONS[field],
                before=old,
                row=row.pk,
                detail=self._batch.file_name,
                recorded_by=self._batch.created_by,
            )
        if field in _ADDRESSES:
            self._points |= {(pk, field, value) for value in new}
        elif field == "themes":
            self._themes |= {(pk, name) for name in new if name not in old}
        elif field == "tags":
            self._tags |= {(pk, key) for key in tags_by_key(new).keys() - tags_by_key(old).keys()}
        return True

    def _last_spoken(self, person: Known, old: str, new: str) -> bool:
        if person.last_spoken != new:
            return False
        person.last_spoken = person.told_spoken = old
        self._own.setdefault(person.contact_id or 0, Draft(person, is_new=False))
        return True

    def _job_field(
        self, person: Known, field: str, old: Any, values: Values, place: str, changes: Values
    ) -> bool:
        if field == "sector" and only_sectors({int(place[1:])}).get(int(place[1:])) == old:
            old = ""  # it spoke for whatever the organisation is
        return self._job(person.jobs.get(place), field, str(old or ""), values, changes)

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
            same = job.says_the_same(values)
            if same:
                self._gone_jobs.add(job.pk)
            return same
        now = job.told_sector if field == "sector" else job.texts[field]
        if now != values[field]:
            return False
        if field == "sector":
            job.told_sector = old
        else:
            job.texts[field] = old
        self._jobs[job.pk] = job
        return True

    def write(self) -> None:
        drafts = list(self._own.values())
        update_people(drafts)
        self._keep(Contact, [draft.pk for draft in drafts], "~")
        self._remove_points()
        self._restore_jobs()
        self._unlink(Contact.themes.through, "theme__name_nl", self._themes)
        self._unlink(Contact.tags.through, "tag__key", self._tags)
        touch(self._touched)

    def _keep(self, model: Any, keys: Collection[int], kind: Literal["+", "~", "-"]) -> None:
        keep(model, keys, kind, by=self._batch.created_by, reason=FILE(name=self._batch.file_name))

    def _remove_points(self) -> None:
        points = ContactPoint.objects.filter(contact__in={point[0] for point in self._points})
        wanted = [
            pk
            for pk, *point in points.values_list("pk", "contact", "kind", "value")
            if tuple(point) in self._points
        ]
        self._keep(ContactPoint, wanted, "-")
        ContactPoint.objects.filter(pk__in=wanted)._raw_delete("default")

    def _restore_jobs(self) -> None:
        changed = {pk: job for pk, job in self._jobs.items() if pk not in self._gone_jobs}
        rows = [(pk, *job.in_order(), job.told_sector) for pk, job in changed.items()]
        bulk_rows.update(Affiliation, (*Affiliation.TEXTS, "sector"), rows)
        self._keep(Affiliation, list(changed), "~")
        self._keep(Affiliation, self._gone_jobs, "-")
        Affiliation.objects.filter(pk__in=self._gone_jobs)._raw_delete("default")

    def _unlink(self, through: Any, name: str, wanted: set[tuple[int, str]]) -> None:
        there = through.objects.filter(contact__in={contact for contact, _name in wanted})
        gone = [pk for pk, *link in there.values_list("pk", "contact", name) if tuple(link) in wanted]
        self._keep(through, gone, "-")
        through.objects.filter(pk__in=gone)._raw_delete("default")
