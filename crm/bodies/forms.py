"""The forms of a body, a seat, a hand-over and a term."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.conflicts import StampedForm
from crm.base.fields import PickOneField, numbers_in
from crm.bodies.models import Body, Seat, SeatHolder
from crm.contacts.models import Contact
from crm.organisations.models import Organisation


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class DayForm(forms.Form):
    """The day of which a page shows how it was."""

    on = forms.DateField(label=gettext_lazy("As on"), widget=_day())


class BodyForm(StampedForm[Body]):
    class Meta:
        model = Body
        fields = ["name_nl", "name_en", "purpose", "position"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "name_en": gettext_lazy("Left empty, the Dutch name is shown."),
            "position": gettext_lazy("A low number comes first."),
        }


class SeatForm(StampedForm[Seat]):
    class Meta:
        model = Seat
        fields = ["role", "organisation", "position", "established_on", "abolished_on"]
        field_classes = {"organisation": PickOneField}
        widgets = {"established_on": _day(), "abolished_on": _day()}
        help_texts = {
            "role": gettext_lazy("For example chair, secretary or member."),
            "organisation": gettext_lazy("Whose seat it is; empty for somebody who sits there as a person."),
            "position": gettext_lazy("A low number comes first."),
            "established_on": gettext_lazy("Empty: for as long as the body is known."),
            "abolished_on": gettext_lazy("The first day without this seat."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.order_by("key")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("established_on"), data.get("abolished_on")
        if start and end and end <= start:
            self.add_error("abolished_on", _("This is before the start."))
        return data


class _HolderField(PickOneField):
    def label_from_instance(self, contact: Contact) -> str:
        """With where they are, for namesakes."""
        places = [str(row.organisation) for row in contact.current_affiliations]
        return ", ".join([str(contact), *places])


class HandOverForm(forms.Form):
    """Offers as holder the one `chosen` already and those found by the words in `find`."""

    on = forms.DateField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("The first day of the new holder, or the first day without one."),
        widget=_day(),
    )
    find = forms.CharField(
        label=gettext_lazy("Find the new holder"),
        help_text=gettext_lazy("By name, organisation or e-mail; then choose who it is."),
        max_length=100,
        required=False,
    )
    contact = _HolderField(
        label=gettext_lazy("New holder"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=None,
        blank=True,
        widget=forms.RadioSelect,
    )
    vacant = forms.BooleanField(label=gettext_lazy("Nobody yet: leave the seat vacant"), required=False)

    def __init__(self, *args: Any, chosen: str = "", find: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.offered(find, numbers_in([chosen])).for_list()
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].empty_label = None  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial.setdefault("on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "contact" in self.errors:
            return data
        if data.get("vacant") and data.get("contact"):
            self.add_error("vacant", _("Choose one: a new holder, or a vacant seat."))
        elif not data.get("vacant") and not data.get("contact"):
            self.add_error("find", _("Find and choose who takes the seat, or leave it vacant."))
        return data


class TermForm(StampedForm[SeatHolder]):
    class Meta:
        model = SeatHolder
        fields = ["started_on", "ended_on"]
        widgets = {"started_on": _day(), "ended_on": _day()}
        help_texts = {"ended_on": gettext_lazy("Empty while it lasts.")}
