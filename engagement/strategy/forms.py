"""The shape of a part of the strategy, and of putting it elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from engagement.strategy.models import StrategyItem
from engagement.strategy.services import LAST


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class ItemForm(StampedForm[StrategyItem]):
    """Offers as contact the one `chosen` already and those found by the words in `find`."""

    find = forms.CharField(label=_("Find their contact"), max_length=100, required=False)

    class Meta:
        model = StrategyItem
        fields = [
            *("parent", "title_nl", "title_en", "text_nl", "text_en", "owner", "owner_contact", "aspect"),
            *("state", "progress", "stalled_since", "starts_on", "ends_on"),
        ]
        field_classes = {"parent": PickOneField, "owner": PickOneField, "owner_contact": PickOneField}
        widgets = {
            "text_nl": forms.Textarea(attrs={"rows": 4}),
            "text_en": forms.Textarea(attrs={"rows": 4}),
            "owner_contact": forms.RadioSelect,
            "stalled_since": _day(),
            "starts_on": _day(),
            "ends_on": _day(),
        }
        help_texts = {
            "title_en": _("Left empty, the Dutch title is shown."),
            "stalled_since": _("Empty while it goes on."),
        }

    def __init__(self, *args: Any, chosen: int | None = None, find: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = StrategyItem.objects.that_can_hold(self.instance)  # type: ignore[attr-defined]
        self.fields["parent"].required = True
        if self.instance.kind == StrategyItem.Kind.PILLAR:
            del self.fields["parent"]
        self.fields["owner"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]
        people = Contact.objects.offered(find, [chosen] if chosen else [])
        self.fields["owner_contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["owner_contact"].empty_label = _("nobody in particular")  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Under which one a part goes, and which one it is there; without a number the last one."""

    parent = PickOneField(label=_("Under"), queryset=StrategyItem.objects.none(), empty_label=None)
    number = forms.IntegerField(min_value=1, max_value=LAST, required=False)

    def __init__(self, *args: Any, item: StrategyItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = StrategyItem.objects.that_can_hold(item)  # type: ignore[attr-defined]
        if item.kind == StrategyItem.Kind.PILLAR:
            # It can only be another one of the pillars.
            self.fields["parent"].required = False
            self.fields["number"].required = True

    def clean_number(self) -> int:
        return self.cleaned_data["number"] or LAST
