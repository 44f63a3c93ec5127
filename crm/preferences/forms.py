"""What somebody told a member of the team that they want to receive."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.preferences.models import Purpose

_ANSWERS = [("", gettext_lazy("as it is")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]


class ToldForm(forms.Form):
    """A row of yes, no or "as it is" per purpose, and how the team knows."""

    detail = forms.CharField(
        label=gettext_lazy("How do you know?"),
        help_text=gettext_lazy("Who said it to whom, where and when. This stands in the ledger for good."),
        max_length=300,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in Purpose:
            self.fields[purpose.value] = forms.ChoiceField(
                label=purpose.label, choices=_ANSWERS, required=False, widget=forms.RadioSelect
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.answers():
            raise forms.ValidationError(_("Choose yes or no for at least one line."))
        return data

    def answers(self) -> dict[str, bool]:
        """The purposes that something was said about."""
        said = {purpose.value: self.cleaned_data.get(purpose.value) for purpose in Purpose}
        return {purpose: answer == "yes" for purpose, answer in said.items() if answer}
