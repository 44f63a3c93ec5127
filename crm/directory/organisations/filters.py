"""The one filter of organisations; it knows no request."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.fields import PickFilter
from crm.base.sectors import Sector
from crm.organisations.models import Organisation, OrganisationQuerySet, OrganisationSector
from crm.themes.models import Tag


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Name"), max_length=100)
    sector = django_filters.MultipleChoiceFilter(
        method="by_sector", label=_("O"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple
    )
    tag = PickFilter(
        method="by_tag", label=_("Tag"), queryset=Tag.objects.all(), widget=forms.CheckboxSelectMultiple
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

    def by_tag(self, queryset: OrganisationQuerySet, name: str, tags: Any) -> OrganisationQuerySet:
        if not tags:
            return queryset
        tagged = Organisation.tags.through.objects.filter(tag__in=tags)
        return queryset.filter(pk__in=tagged.values("organisation"))
