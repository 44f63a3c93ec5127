"""Naming a selection, and choosing one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.base.conflicts import StampedForm
from crm.contacts.models import Contact
from crm.directory.contacts.filters import ContactFilter
from crm.directory.segments.models import Segment


class SegmentForm(StampedForm[Segment]):
    """`instance` has its owner and its filter."""

    class Meta:
        model = Segment
        fields = ["name", "shared"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.instance.filter:
            raise forms.ValidationError(_("Everybody is no selection: choose a filter first."))
        if not ContactFilter(self.instance.query(), Contact.objects.none()).is_valid():
            raise forms.ValidationError(_("This filter has a mistake. Go back and set it right."))
        return data

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        namesakes = Segment.objects.filter(owner=self.instance.owner, name=name)
        if namesakes.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a selection with this name already."))
        return name


class ChooseSegmentForm(forms.Form):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"] = forms.ModelChoiceField(
            label=gettext_lazy("Selection"), queryset=Segment.objects.visible_to(user)
        )
