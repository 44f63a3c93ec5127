"""What lists of contacts can be filtered by, and show, of the contacts themselves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.bulk_rows import one_by_one
from crm.base.fields import PickFilter, numbers_in
from crm.base.sectors import Sector
from crm.contacts.listing import (
    Column,
    ListFilter,
    Row,
    Said,
    register_column,
    register_filter,
    said_day,
    said_rows,
)
from crm.contacts.models import Affiliation, Contact, ContactPoint, ContactQuerySet
from crm.contacts.reach import shown_number
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.themes.models import Tag, Theme

Kind = ContactPoint.Kind


class ThemesField(django_filters.fields.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuse NUL as other fields do: PostgreSQL would refuse the whole query."""
        for slug in value or []:
            ProhibitNullCharactersValidator()(slug)
        return super().clean(value)


class ThemesFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = ThemesField


class NumbersField(forms.Field):
    """Primary keys; one that is gone or none at all is left out, since lists are kept for long."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[int]:
        return numbers_in([str(one) for one in value or []])


class NumbersFilter(django_filters.Filter):
    field_class = NumbersField


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


def _search(people: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
    return people.search(text)


def _by_sector(people: ContactQuerySet, name: str, sectors: list[str]) -> ContactQuerySet:
    return people.speaking_for(sectors) if sectors else people


def _by_theme(people: ContactQuerySet, name: str, themes: Any) -> ContactQuerySet:
    if not themes:
        return people
    return people.filter(pk__in=Contact.themes.through.objects.filter(theme__in=themes).values("contact"))


def _by_tag(people: ContactQuerySet, name: str, tags: Any) -> ContactQuerySet:
    if not tags:
        return people
    return people.filter(pk__in=Contact.tags.through.objects.filter(tag__in=tags).values("contact"))


def _by_organisation(people: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
    """Who works now at the one that goes by this name, else at those in whose names it occurs."""
    named = Organisation.objects.known_as(text) if organisation_key(text) else Organisation.objects.none()
    found = named if named.exists() else Organisation.objects.search(text)
    current = Affiliation.objects.current().filter(organisation__in=found.order_by().values("pk"))
    return people.filter(pk__in=current.values("contact"))


def _by_department(people: ContactQuerySet, name: str, text: str) -> ContactQuerySet:
    """Who works now in a department in whose name this occurs."""
    current = Affiliation.objects.current().filter(department__icontains=text)
    return people.filter(pk__in=current.values("contact"))


def _by_heard(people: ContactQuerySet, name: str, when: str) -> ContactQuerySet:
    return people.filter(last_heard_on__isnull=when == "never")


def _not_heard_since(people: ContactQuerySet, name: str, day: date) -> ContactQuerySet:
    return people.not_heard_since(day)


def _by_pick(people: ContactQuerySet, name: str, numbers: list[int]) -> ContactQuerySet:
    return people.filter(pk__in=one_by_one(numbers, people.db)) if numbers else people


def _said_heard(when: str) -> Said:
    return [("", _("never") if when == "never" else _("at least once"))]


register_filter(
    ListFilter(
        "q",
        django_filters.CharFilter(
            method=_search, label=gettext_lazy("Name, organisation or e-mail"), max_length=100
        ),
        chip="",  # the words stand in their own field
        say=lambda text: [],
        place=0,
        hidden=True,
    )
)
register_filter(
    ListFilter(
        "sector",
        django_filters.MultipleChoiceFilter(
            method=_by_sector,
            label=gettext_lazy("O"),
            choices=Sector.choices,
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=gettext_lazy("O"),
        say=lambda codes: [(code, str(Sector(code).label)) for code in codes],
        place=10,
        ticked=True,
    )
)
register_filter(
    ListFilter(
        "theme",
        ThemesFilter(
            method=_by_theme,
            label=gettext_lazy("Theme"),
            queryset=Theme.objects.all(),
            to_field_name="slug",
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=gettext_lazy("Theme"),
        say=lambda themes: [(theme.slug, str(theme)) for theme in themes],
        place=20,
        ticked=True,
    )
)
register_filter(
    ListFilter(
        "tag",
        PickFilter(
            method=_by_tag,
            label=gettext_lazy("Tag"),
            queryset=Tag.objects.all(),
            widget=forms.CheckboxSelectMultiple,
        ),
        chip=gettext_lazy("Tag"),
        say=said_rows,
        place=30,
        ticked=True,
    )
)
register_filter(
    ListFilter(
        "organisation",
        django_filters.CharFilter(
            method=_by_organisation,
            label=gettext_lazy("Organisation"),
            max_length=200,
            widget=forms.TextInput({"list": "organisation-names", "autocomplete": "off"}),
        ),
        chip=gettext_lazy("Organisation"),
        say=lambda name: [("", name)],
        place=70,
    )
)
register_filter(
    ListFilter(
        "department",
        django_filters.CharFilter(method=_by_department, label=gettext_lazy("Department"), max_length=150),
        chip=gettext_lazy("Department"),
        say=lambda name: [("", name)],
        place=75,
    )
)
register_filter(
    ListFilter(
        "heard",
        django_filters.ChoiceFilter(
            method=_by_heard,
            label=gettext_lazy("Heard"),
            choices=[("never", gettext_lazy("never")), ("ever", gettext_lazy("at least once"))],
            empty_label=gettext_lazy("whatever"),
        ),
        chip=gettext_lazy("Heard"),
        say=_said_heard,
        place=90,
    )
)
register_filter(
    ListFilter(
        "not_heard_since",
        django_filters.DateFilter(
            method=_not_heard_since, label=gettext_lazy("Not heard since"), widget=day_input()
        ),
        chip=gettext_lazy("Not heard since"),
        say=said_day,
        place=100,
    )
)
register_filter(
    ListFilter(
        "heard_since",
        django_filters.DateFilter(
            field_name="last_heard_on",
            lookup_expr="gte",
            label=gettext_lazy("Heard since"),
            widget=day_input(),
        ),
        chip=gettext_lazy("Heard since"),
        say=said_day,
        place=110,
    )
)
register_filter(
    ListFilter(
        "pick",
        # The rows ticked in a list.
        NumbersFilter(method=_by_pick),
        chip=gettext_lazy("Ticked"),
        say=lambda numbers: [("", str(len(numbers)))],
        place=200,
        hidden=True,
    )
)


def _point(*kinds: str) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        points = [point for point in row.contact.contact_points.all() if point.kind in kinds]
        best = min(
            points, key=lambda point: (not point.preferred, kinds.index(point.kind), point.pk), default=None
        )
        if best is None:
            return ""
        return best.value if best.kind == Kind.EMAIL else shown_number(best.value)

    return text


def _sectors(row: Row) -> str:
    return "; ".join(str(Sector(code).label) for code in row.sectors)


def _themes(row: Row) -> str:
    return "; ".join(map(str, row.contact.themes.all()))


def _tags(row: Row) -> str:
    return "; ".join(map(str, row.contact.tags.all()))


def _departments(row: Row) -> str:
    return "; ".join(dict.fromkeys(one.department for one in row.affiliations if one.department))


def _heard(row: Row) -> date | None:
    return row.contact.last_heard_on


def _changed(row: Row) -> date:
    return localtime(row.contact.updated_at).date()


def _said(day: Callable[[Row], date | None]) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        known = day(row)
        return date_format(known, "SHORT_DATE_FORMAT") if known else ""

    return text


register_column(Column("sectors", gettext_lazy("O"), _sectors, 10, usual=True))
register_column(Column("department", gettext_lazy("Department"), _departments, 15))
register_column(Column("email", gettext_lazy("E-mail"), _point(Kind.EMAIL), 20))
register_column(Column("phone", gettext_lazy("Telephone"), _point(Kind.MOBILE, Kind.PHONE), 30))
register_column(Column("themes", gettext_lazy("Themes"), _themes, 40, usual=True))
register_column(Column("tags", gettext_lazy("Tags"), _tags, 50, usual=True))
register_column(
    Column(
        "heard", gettext_lazy("Heard"), _said(_heard), 60, day=_heard, usual=True, short=True, sort="heard"
    )
)
register_column(
    Column(
        "language", gettext_lazy("Language"), lambda row: row.contact.get_language_display(), 90, short=True
    )
)
register_column(
    Column("source", gettext_lazy("Came from"), lambda row: row.contact.get_origin_display(), 100, short=True)
)
register_column(
    Column(
        "changed", gettext_lazy("Changed"), _said(_changed), 110, day=_changed, short=True, sort="-changed"
    )
)
