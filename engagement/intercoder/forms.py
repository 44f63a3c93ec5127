"""The shape of a new round, and of what a second coder says of one statement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.fields import PickField
from crm.themes.models import Theme
from engagement.codes.models import Code
from engagement.codes.tree import on_themes
from engagement.intercoder.services import to_be_coded
from engagement.statements.models import Statement

MOST_STATEMENTS = 500


class RoundForm(forms.Form):
    coder = forms.ModelChoiceField(label=_("Second coder"), queryset=User.objects.none())
    theme = forms.ModelChoiceField(
        label=_("Theme"), queryset=Theme.objects.all(), required=False, empty_label=_("all themes")
    )
    count = forms.IntegerField(
        label=_("How many statements"),
        help_text=_("They are drawn by lot from those that this person did not code yet."),
        min_value=1,
        max_value=MOST_STATEMENTS,
        initial=100,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coder"].queryset = User.objects.of_team()  # type: ignore[attr-defined]

    def drawn(self) -> list[Statement]:
        """Statements drawn by lot as the form says."""
        rows = to_be_coded(self.cleaned_data["coder"])
        if theme := self.cleaned_data["theme"]:
            rows = rows.filter(coded__code__in=on_themes([theme.pk]))
        keys = rows.order_by().values("pk")
        return list(Statement.objects.filter(pk__in=keys).order_by("?")[: self.cleaned_data["count"]])


class BlindForm(forms.Form):
    codes = PickField(
        label=_("Codes"),
        help_text=_("None is an answer too."),
        queryset=Code.objects.in_use(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
