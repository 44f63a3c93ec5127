"""The shape of a file that somebody adds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagement.attachments.kinds import LARGEST, kind_of
from engagement.attachments.models import Attachment

# A recording goes within so many days, unless an earlier day is chosen.
RECORDING_DAYS = 90


class AttachmentForm(forms.ModelForm[Attachment]):
    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("A PDF, a Word document (DOCX) or a recording.")
    )

    class Meta:
        model = Attachment
        fields = ["consent", "goes_on"]
        widgets = {"goes_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "consent": gettext_lazy("Of a recording: who agreed to it, and how."),
            "goes_on": gettext_lazy("A recording goes within 90 days; leave empty for the last of them."),
        }

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        kind = kind_of(file)
        if kind is None:
            raise ValidationError(_("This is no PDF, no Word document (DOCX) and no recording."))
        if file.size > LARGEST[kind]:
            words = _("This is too large: at most %(most)s.")
            raise ValidationError(words % {"most": filesizeformat(LARGEST[kind])})
        self.instance.kind, self.instance.size = kind, file.size
        self.instance.name = file.name[-200:]
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        today, goes_on = timezone.localdate(), data.get("goes_on")
        if goes_on and goes_on < today:
            self.add_error("goes_on", _("This day is over."))
        if self.instance.kind == Attachment.Kind.AUDIO:
            self._check_recording(data, today, goes_on)
        return data

    def _check_recording(self, data: dict[str, Any], today: date, goes_on: date | None) -> None:
        last = today + timedelta(days=RECORDING_DAYS)
        if not data.get("consent"):
            self.add_error("consent", _("Note who agreed to being recorded; without that it is not kept."))
        if goes_on and goes_on > last:
            self.add_error("goes_on", _("A recording goes within 90 days."))
        data["goes_on"] = goes_on or last
