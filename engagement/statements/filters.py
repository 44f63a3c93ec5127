"""Which statements: by code, theme, O, kind and aspect, and what the nouns above register."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.base.sectors import Sector
from crm.texts.models import TextDocument
from crm.texts.queries import read_query
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.codes.tree import on_themes, with_parts
from engagement.statements.models import (
    Approval,
    Aspect,
    Stance,
    Statement,
    StatementCode,
    StatementQuerySet,
)


class StatementFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Words"), method="with_words", max_length=100)
    theme = django_filters.ModelChoiceFilter(
        label=_("Theme"), queryset=Theme.objects.all(), to_field_name="slug", method="on_theme"
    )
    code = django_filters.ModelChoiceFilter(
        label=_("Code"), queryset=Code.objects.in_use(), method="with_code"
    )
    sector = django_filters.ChoiceFilter(label=_("O"), choices=Sector.choices, field_name="speaker__sector")
    stance = django_filters.ChoiceFilter(label=_("Kind"), choices=Stance.choices)
    aspect = django_filters.ChoiceFilter(label=_("Aspect"), choices=Aspect.choices)
    approval = django_filters.ChoiceFilter(
        label=_("Approval"), choices=Approval.choices, method="in_approval"
    )

    class Meta:
        model = Statement
        fields: list[str] = []

    def with_words(self, rows: StatementQuerySet, _name: str, words: str) -> StatementQuerySet:
        query = read_query(words)
        if not query:
            return rows
        return rows.filter(pk__in=TextDocument.objects.of(Statement).matching(query).values("object_id"))

    def on_theme(self, rows: StatementQuerySet, _name: str, theme: Theme) -> StatementQuerySet:
        """Those with a code that hangs on the theme, by itself or by a code above it."""
        return rows.filter(pk__in=_coded(on_themes([theme.pk])))

    def in_approval(self, rows: StatementQuerySet, _name: str, state: str) -> StatementQuerySet:
        return rows.in_approval(state)

    def with_code(self, rows: StatementQuerySet, _name: str, code: Code) -> StatementQuerySet:
        """Those with the code, or with one that is part of it."""
        return rows.filter(pk__in=_coded(with_parts([code.pk])))


def register_filter(name: str, field: django_filters.Filter) -> None:
    """Let lists of statements be narrowed down by one more, which stands in the address under `name`.

    A noun above does so in its file `lists.py`; the `method` of the field is (statements, name, value) ->
    statements.
    """
    StatementFilter.base_filters[name] = field
    field.field_name = name


def _coded(codes: set[int]) -> Any:
    return StatementCode.objects.filter(code__in=codes).values("statement")
