"""What lists of contacts can be filtered by of bodies: who holds a seat in one today."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.base.fields import PickFilter
from crm.bodies.models import Body, SeatHolder
from crm.contacts.listing import ListFilter, register_filter, said_rows
from crm.contacts.models import ContactQuerySet


def _by_body(people: ContactQuerySet, name: str, bodies: Any) -> ContactQuerySet:
    if not bodies:
        return people
    terms = SeatHolder.objects.holders_on(timezone.localdate()).filter(seat__body__in=bodies)
    return people.filter(pk__in=terms.values("contact"))


register_filter(
    ListFilter(
        "body",
        PickFilter(
            method=_by_body, label=_("Body"), queryset=Body.objects.all(), widget=forms.CheckboxSelectMultiple
        ),
        chip=_("Body"),
        say=said_rows,
        place=40,
        ticked=True,
    )
)
