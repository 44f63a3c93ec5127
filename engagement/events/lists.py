"""What lists of contacts can be filtered by of events, and how one goes from a list to inviting it."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import ListAction, ListFilter, register_filter, register_list_action
from crm.contacts.models import ContactQuerySet
from crm.preferences.models import Purpose
from crm.preferences.rules import contacts_who_may_receive, contacts_with_an_address
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


def _may_be_invited() -> Q:
    return contacts_who_may_receive(Purpose.INVITATION) & contacts_with_an_address()


def _words(number: int | None) -> str:
    if number is None:
        return gettext("Invite these people")
    return ngettext("Invite this %(n)s", "Invite these %(n)s", number) % {"n": number}


register_list_action(ListAction("event_choose", "send", "mailings.send", _may_be_invited, _words))
