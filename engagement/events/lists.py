"""What lists of contacts can be filtered by of events: at which kind of event somebody was."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import ListFilter, register_filter
from crm.contacts.models import ContactQuerySet
from engagement.events.models import AttendedKind, Event


def _by_attended(people: ContactQuerySet, name: str, kinds: list[str]) -> ContactQuerySet:
    if not kinds:
        return people
    return people.filter(pk__in=AttendedKind.objects.filter(kind__in=kinds).values("contact"))


register_filter(
    ListFilter(
        "attended",
        django_filters.MultipleChoiceFilter(
            method=_by_attended,
            label=_("Was at"),
            choices=Event.Kind.choices,
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=_("Was at"),
        say=lambda kinds: [(one, str(Event.Kind(one).label)) for one in kinds],
        place=50,
        ticked=True,
    )
)
