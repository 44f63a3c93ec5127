"""The form with which a spreadsheet comes in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from crm.imports.models import ImportBatch
from crm.imports.planning import Plan, make_plan
from crm.imports.reading import SUFFIXES, ReadingError, most_megabytes
from crm.sectors import Sector


class UploadForm(forms.Form):
    """Valid when a plan can be made of the file; that plan is `self.plan`."""

    plan: Plan

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
        if (file.size or 0) > most_megabytes() * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB. Leave out pictures, or split it."),
                params={"most": most_megabytes()},
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "file" in cleaned and not self.errors:
            self._make_plan(cleaned)
        return cleaned

    def _make_plan(self, cleaned: dict[str, Any]) -> None:
        file = cleaned["file"]
        try:
            self.plan = make_plan(file.read(), file.name, kind=cleaned["kind"], sector=cleaned["sector"])
        except ReadingError as error:
            self.add_error("file", str(error))
            return
        lacks_sector = not any(row.values["sector"] for row in self.plan.rows)
        if self.plan.kind == ImportBatch.Kind.ORGANISATIONS and lacks_sector:
            self.add_error("sector", _("These are organisations: choose which O they belong to."))
