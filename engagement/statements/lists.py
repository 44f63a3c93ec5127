"""How lists of contacts are narrowed down to who spoke on a theme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.contacts.listing import ListFilter, register_filter
from crm.contacts.lists import ThemesFilter
from crm.contacts.models import ContactQuerySet
from crm.themes.models import Theme
from engagement.codes.tree import on_themes
from engagement.statements.attribution import NAMES
from engagement.statements.models import Statement


def _by_spoken(people: ContactQuerySet, name: str, themes: Any) -> ContactQuerySet:
    """Who made a statement with a code of one of these themes; what was said in confidence does not count."""
    if not themes:
        return people
    codes = on_themes([theme.pk for theme in themes])
    said = Statement.objects.filter(coded__code__in=codes, writeup__confidential=False)
    return people.filter(pk__in=said.order_by().values("speaker__contact"))


register_filter(
    ListFilter(
        "spoke_on",
        ThemesFilter(
            method=_by_spoken,
            label=_("Spoke on"),
            queryset=Theme.objects.all(),
            to_field_name="slug",
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=_("Spoke on"),
        say=lambda themes: [(theme.slug, str(theme)) for theme in themes],
        place=55,
        ticked=True,
        capability=NAMES,
    )
)
