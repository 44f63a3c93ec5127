"""The forms with which a spreadsheet comes in and its columns are put right."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.said import told
from crm.base.sectors import Sector
from crm.contacts.models import Affiliation
from crm.imports.columns.labels import FIELD_LABELS, label_of
from crm.imports.columns.mapping import Mapping
from crm.imports.kinds import KINDS, kind_choices
from crm.imports.models import ImportBatch
from crm.imports.planning.layouts import Layout, problem_of
from crm.imports.reading.said import refusal
from crm.imports.reading.stream import SUFFIXES, most_megabytes

# Of these one column is enough; the others may be spread over several.
_ONCE = {
    *(
        "kwartet_number",
        "full_name",
        "given_name",
        "initials",
        "infix",
        "family_name",
        "form_of_address",
        "gender",
    ),
    *("titles_before", "titles_after", "organisation", "external_id", "sector", "language"),
    *Affiliation.TEXTS,
}


class UploadForm(forms.Form):
    """What can be said of a file at once; a worker reads it."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy(
            "CSV, XLSX, XLS, ODS, vCard or JSON. Nothing changes until you have seen the plan."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What is in it"),
        choices=lambda: [("", gettext_lazy("let Kwartet see")), *kind_choices()],
        required=False,
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("The O of the organisations"),
        help_text=gettext_lazy("Only for a list of organisations without a column for it."),
        choices=[("", "–"), *Sector.choices],
        required=False,
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        suffix = PurePath(file.name or "").suffix.lower()
        if suffix not in SUFFIXES:
            raise forms.ValidationError(str(refusal("suffix", suffix or str(file.name))))
        if (file.size or 0) > most_megabytes() * 1024 * 1024:
            raise forms.ValidationError(
                _("The file is larger than %(most)d MB. Leave out pictures, or split it."),
                params={"most": most_megabytes()},
            )
        return file


class ColumnsForm(forms.Form):
    """What each column of a batch holds: one choice per column, with examples beside it."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in it"), choices=kind_choices)
    sector = forms.ChoiceField(
        label=gettext_lazy("The O of the organisations"),
        help_text=gettext_lazy("Only for a list of organisations without a column for it."),
        choices=[("", "–"), *Sector.choices],
        required=False,
    )

    def __init__(self, batch: ImportBatch, data: Any = None) -> None:
        super().__init__(data, initial={"kind": batch.kind, "sector": batch.sector})
        self._batch = batch
        choices = [("", _("not used")), *field_choices(), *_of_other_kinds()]
        for at, (heading, found) in enumerate(batch.columns):
            label = heading or _("column %(number)d") % {"number": at + 1}
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=label, choices=choices, initial=found, required=False
            )

    def columns(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column's choice with examples of its values."""
        examples = [*self._batch.examples, *[[]] * len(self._batch.columns)]
        return [(self[f"column-{at}"], examples[at]) for at in range(len(self._batch.columns))]

    def chosen(self) -> list[str]:
        return [self.cleaned_data[f"column-{at}"] for at in range(len(self._batch.columns))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        fields = self.chosen()
        for name in sorted(_ONCE.union(*(kind.once for kind in KINDS.values()))):
            if fields.count(name) > 1:
                label = label_of(name)
                self.add_error(None, _("Two columns are “%(field)s”: choose one.") % {"field": label})
        layout = Layout(cleaned["kind"], Mapping([heading for heading, _ in self._batch.columns], fields))
        if problem := problem_of(layout):
            self.add_error(None, told([problem]))
        lacks_sector = not cleaned["sector"] and "sector" not in fields
        if KINDS[cleaned["kind"]].needs_sector and lacks_sector:
            self.add_error("sector", _("These are organisations: choose which O they belong to."))
        return cleaned


def field_choices() -> list[tuple[str, str]]:
    """Every field that a column can be, each label once but where two fields share it."""
    apart = {
        "not_invite": _("may not be invited"),
        "not_newsletter": _("no newsletter"),
        "gender": _("gender"),
        "code": _("another number"),
        "addition": _("addition to the house number"),
    }
    of_rows = {"name", "aliases"}
    return [
        (name, str(apart.get(name, label))) for name, label in FIELD_LABELS.items() if name not in of_rows
    ]


def _of_other_kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that only rows of one kind have, under its name."""
    with_own = [kind for kind in KINDS.values() if kind.fields]
    return [
        (str(kind.label), [(name, str(label)) for name, label in kind.fields.items()]) for kind in with_own
    ]
