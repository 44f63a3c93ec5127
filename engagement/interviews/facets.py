"""What interviews say of a contact: the last day on which they were heard."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils import timezone

from crm.contacts.facets import count_heard
from engagement.interviews.models import Interview


def last_interviews(contacts: Sequence[int]) -> dict[int, date]:
    """Of interviews held, not of those still to come."""
    counting = Interview.objects.counting(timezone.now()).order_by().values("pk")
    held = Interview.contacts.through.objects.filter(contact__in=contacts, interview__in=counting)
    latest = held.values_list("contact").annotate(latest=Max("interview__held_at")).order_by()
    return {contact: timezone.localdate(moment) for contact, moment in latest}


count_heard(last_interviews)
