"""The shape of what is typed while statements are taken from notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.fields import PickField, PickOneField
from crm.base.text import words
from crm.contacts.models import Contact
from engagement.codes.models import LONGEST_NAME, Code
from engagement.statements.models import Aspect, Speaker, Stance, Statement, Visibility, Writeup
from engagement.statements.sentences import sentences
from engagement.statements.services import Draft
from engagement.statements.texts import LONGEST_NOTES

_UNKNOWN = [("", gettext_lazy("not said"))]


class StatementForm(forms.Form):
    """What is said of a passage: who said it, in which words we say it, and what it is about."""

    wording = forms.CharField(
        label=gettext_lazy("In our words"),
        help_text=gettext_lazy("Leave empty to keep it literally."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    speaker = PickOneField(
        label=gettext_lazy("Said by"),
        queryset=Speaker.objects.none(),
        required=False,
        empty_label=gettext_lazy("unknown"),
    )
    codes = PickField(
        label=gettext_lazy("Codes"),
        queryset=Code.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_codes = forms.CharField(
        label=gettext_lazy("New codes"),
        help_text=gettext_lazy("With a comma between them. One that is there already is used as it is."),
        max_length=500,
        required=False,
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[*_UNKNOWN, *Stance.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    aspect = forms.ChoiceField(
        label=gettext_lazy("Aspect"),
        choices=[*_UNKNOWN, *Aspect.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Shown"), choices=Visibility.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, writeup: Writeup | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writeup = writeup
        if writeup is not None:
            speakers = writeup.speakers.select_related("contact")
            self.fields["speaker"].queryset = speakers  # type: ignore[attr-defined]
        self.fields["codes"].queryset = Code.objects.in_use()  # type: ignore[attr-defined]
        self.initial.setdefault("visibility", Visibility.NAMED)

    def clean_new_codes(self) -> list[str]:
        typed = self.cleaned_data["new_codes"].split(",")
        names = [name for name in (" ".join(one.split()) for one in typed) if name]
        for name in names:
            if len(name) > LONGEST_NAME:
                raise ValidationError(_("“%(name)s” is too long for a code.") % {"name": name[:40]})
            if not words(name):
                raise ValidationError(_("“%(name)s” has no letters or digits.") % {"name": name})
        return names

    def said(self) -> dict[str, Any]:
        """What the form says, for a Draft."""
        data = self.cleaned_data
        return {
            "wording": data["wording"].strip(),
            "speaker": data["speaker"],
            "stance": data["stance"],
            "aspect": data["aspect"],
            "visibility": data["visibility"] or Visibility.NAMED,
            "codes": list(data["codes"]),
            "new_codes": data["new_codes"],
        }


def initial_of(statement: Statement) -> dict[str, Any]:
    return {
        "wording": statement.wording,
        "speaker": statement.speaker_id,
        "codes": [one.code_id for one in statement.coded.all()],
        "stance": statement.stance,
        "aspect": statement.aspect,
        "visibility": statement.visibility,
    }


class DeviceForm(StatementForm):
    """A statement as a device sends it: places are code points of the notes in `revision`."""

    uuid = forms.UUIDField()
    version = forms.IntegerField(min_value=0)
    revision = forms.IntegerField(min_value=0, required=False)
    start = forms.IntegerField(min_value=0, max_value=LONGEST_NOTES, required=False)
    end = forms.IntegerField(min_value=0, max_value=LONGEST_NOTES, required=False)

    def draft(self) -> Draft:
        data = self.cleaned_data
        places = {name: data[name] for name in ("start", "end")}
        revision = data["revision"] or 0
        return Draft(data["uuid"], data["version"], revision, **places, **self.said())


class SentencesForm(StatementForm):
    """The same where there is no JavaScript: from one numbered sentence to another one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    first = forms.IntegerField(label=gettext_lazy("From sentence"), min_value=1)
    last = forms.IntegerField(
        label=gettext_lazy("To sentence"),
        help_text=gettext_lazy("Leave empty for one sentence."),
        min_value=1,
        required=False,
    )

    field_order = ["first", "last"]

    def __init__(self, *args: Any, writeup: Writeup, **kwargs: Any) -> None:
        super().__init__(*args, writeup=writeup, **kwargs)
        self.sentences = sentences(writeup.text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last, most = data.get("first") or 0, data.get("last") or 0, len(self.sentences)
        for name in ("first", "last"):
            if (data.get(name) or 0) > most:
                self.add_error(name, _("The last sentence has number %(most)s.") % {"most": most})
        if first and last and last < first:
            self.add_error("last", _("This comes before the first one."))
        return data

    def draft(self) -> Draft:
        data = self.cleaned_data
        start = self.sentences[data["first"] - 1][0]
        end = self.sentences[(data["last"] or data["first"]) - 1][1]
        return Draft(data["uuid"], 0, data["revision"], start=start, end=end, **self.said())


class NotesForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Notes"),
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=LONGEST_NOTES,
        required=False,
        strip=False,
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DocumentForm(forms.Form):
    document = forms.FileField(
        label=gettext_lazy("A Word document (DOCX)"),
        help_text=gettext_lazy("Its words come behind those in the field; nothing is saved yet."),
    )


class SpeakerForm(forms.ModelForm[Speaker]):
    """Somebody we know, or a name of what we do not: a table, somebody in the room."""

    find = forms.CharField(label=gettext_lazy("Find a person"), max_length=100, required=False)

    class Meta:
        model = Speaker
        fields = ["contact", "label", "sector"]
        labels = {"label": gettext_lazy("Or call them")}
        help_texts = {"label": gettext_lazy("For instance: table 3, or somebody in the room.")}
        widgets = {"contact": forms.RadioSelect}
        field_classes = {"contact": PickOneField}

    def __init__(self, *args: Any, find: str = "", chosen: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Contact.objects.offered(find, [chosen] if chosen else [])
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        self.fields["contact"].empty_label = None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        contact, label = data.get("contact"), (data.get("label") or "").strip()
        if not contact and not label and "contact" not in self.errors:
            self.add_error("label", _("Choose a person, or say how this speaker is called."))
        writeup = self.instance.writeup
        if contact and writeup.speakers.filter(contact=contact).exclude(pk=self.instance.pk).exists():
            self.add_error("contact", _("%(who)s is among the speakers already.") % {"who": contact})
        return data
