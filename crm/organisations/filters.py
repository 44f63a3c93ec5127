"""The one filter of organisations; it knows no request."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.organisations.models import Organisation, OrganisationQuerySet, OrganisationSector
from crm.sectors import Sector


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"), max_length=100)
    sector = django_filters.MultipleChoiceFilter(
        method="by_sector", label=_("O"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def search(self, queryset: OrganisationQuerySet, name: str, text: str) -> OrganisationQuerySet:
        return queryset.search(text)

    def by_sector(
        self, queryset: OrganisationQuerySet, name: str, sectors: list[str]
    ) -> OrganisationQuerySet:
        if not sectors:
            return queryset
        return queryset.filter(
            pk__in=OrganisationSector.objects.filter(sector__in=sectors).values("organisation")
        )
