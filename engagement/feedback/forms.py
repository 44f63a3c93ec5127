"""The shape of whom somebody tells, and of asking to be called about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.fields import PickField
from crm.exchange.phones import phones_in
from engagement.statements.models import Speaker


class TellForm(forms.Form):
    speakers = PickField(
        queryset=Speaker.objects.all(),
        error_messages={"required": _("Tick at least one person.")},
    )


class CallForm(forms.Form):
    """Asks for a number where none is known."""

    # It stands in a form that saves more than this; a browser that insists on a number would save nothing.
    use_required_attribute = False
    phone = forms.CharField(
        label=_("On which number?"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        text: str = self.cleaned_data["phone"]
        numbers, _bad = phones_in(text)
        if not numbers:
            raise forms.ValidationError(_("This is no telephone number."))
        return text
