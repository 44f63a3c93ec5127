"""The shape of a part of the strategy, and of putting it elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from engagement.strategy.models import StrategyItem


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


class UnderForm(forms.Form):
    """Under which other one a part goes."""

    parent = PickOneField(label=_("Under"), queryset=StrategyItem.objects.none(), empty_label=None)

    def __init__(self, *args: Any, item: StrategyItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = StrategyItem.objects.that_can_hold(item).exclude(children=item.pk)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
