"""The form with which a spreadsheet comes in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.imports.models import ImportBatch
from crm.imports.reading import SUFFIXES, most_megabytes
from crm.imports.refusals import refusal
from crm.sectors import Sector


class UploadForm(forms.Form):
    """What can be said of a file at once; a worker reads it."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV, XLSX, XLS or ODS. Nothing changes until you have seen the plan."),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    kind = forms.ChoiceField(
        label=_("What is in it"),
        choices=[("", _("let Kwartet see")), *ImportBatch.Kind.choices],
        required=False,
    )
    sector = forms.ChoiceField(
        label=_("The O of the organisations"),
        help_text=_("Only for a list of organisations without a column for it."),
        choices=[("", "–"), *Sector.choices],
        required=False,
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        suffix = PurePath(file.name or "").suffix.lower()
        if suffix not in SUFFIXES:
            raise forms.ValidationError(str(refusal("suffix", suffix or file.name)))
        if (file.size or 0) > most_megabytes() * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB. Leave out pictures, or split it."),
                params={"most": most_megabytes()},
            )
        return file
