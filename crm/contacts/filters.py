"""The one filter of contacts: for the list, the API, exports and audiences. It knows no request."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bodies.models import Body, SeatHolder
from crm.contacts.models import Contact, ContactQuerySet
from crm.fields import PickFilterField
from crm.preferences.models import Purpose
from crm.preferences.rules import contacts_who_may_receive
from crm.sectors import Sector
from crm.themes.models import Theme


class ThemesField(django_filters.fields.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuse NUL as other fields do: PostgreSQL would refuse the whole query."""
        for slug in value or []:
            ProhibitNullCharactersValidator()(slug)
        return super().clean(value)


class ThemesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = ThemesField


class PickFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = PickFilterField


class ContactFilter(django_filters.FilterSet):
    """`ContactFilter(data, queryset).qs`. A bad value filters nothing and is an error: ask `is_valid()` first
    wherever a wider answer would do harm.
    """

    q = django_filters.CharFilter(method="search", label=_("Name, organisation or e-mail"), max_length=100)
    sector = django_filters.MultipleChoiceFilter(
        method="by_sector", label=_("O"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple
    )
    theme = ThemesFilter(
        method="by_theme",
        label=_("Theme"),
        queryset=Theme.objects.all(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    body = PickFilter(
        method="by_body",
        label=_("Body"),
        queryset=Body.objects.all(),
        widget=forms.CheckboxSelectMultiple,
    )
    may_receive = django_filters.ChoiceFilter(
        method="by_purpose", label=_("May be mailed for"), choices=Purpose.choices, empty_label=_("whatever")
    )
    not_heard_since = django_filters.DateFilter(
        method="by_last_heard",
        label=_("Not heard since"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )

    class Meta:
        model = Contact
        fields: list[str] = []

    def search(self, queryset: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
        return queryset.search(text)

    def by_sector(self, queryset: ContactQuerySet, name: str, sectors: list[str]) -> ContactQuerySet:
        return queryset.speaking_for(sectors) if sectors else queryset

    def by_theme(self, queryset: ContactQuerySet, name: str, themes: Any) -> ContactQuerySet:
        if not themes:
            return queryset
        return queryset.filter(
            pk__in=Contact.themes.through.objects.filter(theme__in=themes).values("contact")
        )

    def by_body(self, queryset: ContactQuerySet, name: str, bodies: Any) -> ContactQuerySet:
        """Those who hold a seat today."""
        if not bodies:
            return queryset
        terms = SeatHolder.objects.holders_on(timezone.localdate()).filter(seat__body__in=bodies)
        return queryset.filter(pk__in=terms.values("contact"))

    def by_purpose(self, queryset: ContactQuerySet, name: str, purpose: str) -> ContactQuerySet:
        return queryset.filter(contacts_who_may_receive(purpose))

    def by_last_heard(self, queryset: ContactQuerySet, name: str, day: date) -> ContactQuerySet:
        return queryset.not_heard_since(day)
