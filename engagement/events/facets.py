"""What events say of a contact: which kinds they attended, and when they were last heard there."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils import timezone

from crm.contacts.facets import count_also, count_heard
from engagement.events.models import AttendedKind, Participation


def last_attended(contacts: Sequence[int]) -> dict[int, date]:
    """Who was at a session or workshop could say something there, so counts as heard that day."""
    there = Participation.objects.attended().filter(contact__in=contacts)
    latest = there.values_list("contact").annotate(latest=Max("event__starts_at")).order_by()
    return {contact: timezone.localdate(moment) for contact, moment in latest}


def keep_attended(contacts: Sequence[int]) -> set[int]:
    """Count anew which kinds of event these attended; of whom that differed."""
    there = Participation.objects.attended().filter(contact__in=contacts)
    wanted = set(there.values_list("contact", "event__kind").order_by())
    rows = AttendedKind.objects.filter(contact__in=contacts)
    kept = {(row.contact_id, row.kind): row.pk for row in rows}
    gone, new = kept.keys() - wanted, sorted(wanted - kept.keys())
    AttendedKind.objects.filter(pk__in=[kept[pair] for pair in gone]).delete()
    AttendedKind.objects.bulk_create([AttendedKind(contact_id=pk, kind=kind) for pk, kind in new])
    return {pk for pk, _kind in [*gone, *new]}


count_heard(last_attended)
count_also(keep_attended)
