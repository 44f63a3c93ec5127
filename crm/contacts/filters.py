"""The one filter of contacts: for the list, the API, exports and audiences. It knows no request."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.bodies.models import Body, SeatHolder
from crm.contacts.facets import ATTENDED_KINDS
from crm.contacts.models import Affiliation, AttendedKind, Contact, ContactQuerySet, Origin
from crm.contacts.search_documents import one_by_one
from crm.fields import PickFilter, numbers_in
from crm.imports.models import ImportBatch
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.preferences.models import Purpose
from crm.preferences.rules import contacts_who_may_receive
from crm.provenance.models import Provenance
from crm.sectors import Sector
from crm.themes.models import Tag, Theme


class ThemesField(django_filters.fields.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuse NUL as other fields do: PostgreSQL would refuse the whole query."""
        for slug in value or []:
            ProhibitNullCharactersValidator()(slug)
        return super().clean(value)


class ThemesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = ThemesField


def sources() -> list[tuple[str, Promise | str]]:
    """Where people came from: each origin, and each spreadsheet that brought somebody."""
    batches = ImportBatch.objects.filter(new_contacts__isnull=False).distinct()
    files = [
        (f"import-{batch.pk}", f"{batch.file_name} ({date_format(batch.created_at, 'SHORT_DATE_FORMAT')})")
        for batch in batches
    ]
    return [*((origin.value, origin.label) for origin in Origin), *files]


class NumbersField(forms.Field):
    """Primary keys; one that is gone or none at all is left out, since lists are kept for long."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        return numbers_in([str(one) for one in value or []])


class NumbersFilter(django_filters.Filter):
    field_class = NumbersField


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


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
    tag = PickFilter(
        method="by_tag", label=_("Tag"), queryset=Tag.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    organisation = django_filters.CharFilter(
        method="by_organisation",
        label=_("Organisation"),
        max_length=200,
        widget=forms.TextInput({"list": "organisation-names", "autocomplete": "off"}),
    )
    attended = django_filters.MultipleChoiceFilter(
        method="by_attended",
        label=_("Was at"),
        choices=lambda: list(ATTENDED_KINDS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    source = django_filters.MultipleChoiceFilter(
        method="by_source", label=_("Came from"), choices=sources, widget=forms.CheckboxSelectMultiple
    )
    may_receive = django_filters.ChoiceFilter(
        method="by_purpose", label=_("May be mailed for"), choices=Purpose.choices, empty_label=_("whatever")
    )
    not_heard_since = django_filters.DateFilter(
        method="by_last_heard",
        label=_("Not heard since"),
        widget=day_input(),
    )
    heard_since = django_filters.DateFilter(
        field_name="last_heard_on", lookup_expr="gte", label=_("Heard since"), widget=day_input()
    )
    heard = django_filters.ChoiceFilter(
        method="by_heard",
        label=_("Heard"),
        choices=[("never", _("never")), ("ever", _("at least once"))],
        empty_label=_("whatever"),
    )
    told = django_filters.ChoiceFilter(
        method="by_told",
        label=_("Where the data come from"),
        choices=[("open", _("still to be told")), ("late", _("not told in time"))],
        empty_label=_("whatever"),
    )
    # The rows ticked in a list: no field to fill in.
    pick = NumbersFilter(method="by_pick")

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

    def by_tag(self, queryset: ContactQuerySet, name: str, tags: Any) -> ContactQuerySet:
        if not tags:
            return queryset
        return queryset.filter(pk__in=Contact.tags.through.objects.filter(tag__in=tags).values("contact"))

    def by_organisation(self, queryset: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
        """Who works now at the one that goes by this name, else at those in whose names it occurs."""
        named = Organisation.objects.known_as(text) if organisation_key(text) else Organisation.objects.none()
        found = named if named.exists() else Organisation.objects.search(text)
        current = Affiliation.objects.current().filter(organisation__in=found.order_by().values("pk"))
        return queryset.filter(pk__in=current.values("contact"))

    def by_attended(self, queryset: ContactQuerySet, name: str, kinds: list[str]) -> ContactQuerySet:
        if not kinds:
            return queryset
        return queryset.filter(pk__in=AttendedKind.objects.filter(kind__in=kinds).values("contact"))

    def by_source(self, queryset: ContactQuerySet, name: str, sources: list[str]) -> ContactQuerySet:
        if not sources:
            return queryset
        batches = [one.removeprefix("import-") for one in sources if one.startswith("import-")]
        return queryset.filter(Q(origin__in=sources) | Q(import_batch__in=batches))

    def by_heard(self, queryset: ContactQuerySet, name: str, when: str) -> ContactQuerySet:
        return queryset.filter(last_heard_on__isnull=when == "never")

    def by_told(self, queryset: ContactQuerySet, name: str, state: str) -> ContactQuerySet:
        """Who came in by a list or a program and was not told so (GDPR art. 14), or not in time."""
        every = Provenance.objects
        found = every.to_tell() if state == "open" else every.late_on(timezone.localdate())
        return queryset.filter(pk__in=found.order_by().values("contact"))

    def by_pick(self, queryset: ContactQuerySet, name: str, numbers: list[int]) -> ContactQuerySet:
        return queryset.filter(pk__in=one_by_one(numbers, queryset.db)) if numbers else queryset

    def by_purpose(self, queryset: ContactQuerySet, name: str, purpose: str) -> ContactQuerySet:
        return queryset.filter(contacts_who_may_receive(purpose))

    def by_last_heard(self, queryset: ContactQuerySet, name: str, day: date) -> ContactQuerySet:
        return queryset.not_heard_since(day)
