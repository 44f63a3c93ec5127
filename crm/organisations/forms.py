"""The form of an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.organisations.models import Organisation
from crm.sectors import Sector


class OrganisationForm(forms.ModelForm[Organisation]):
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("O's"), choices=Sector.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    primary = forms.ChoiceField(
        label=gettext_lazy("The first of these"),
        help_text=gettext_lazy("Only for an organisation with more than one O."),
        choices=[("", gettext_lazy("not chosen")), *Sector.choices],
        required=False,
    )
    aliases = forms.CharField(
        label=gettext_lazy("Other names"),
        help_text=gettext_lazy("One a line. An import then knows that they are the same."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Organisation
        fields = ["name", "city", "website"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            sectors = self.instance.sector_list()
            self.initial["sectors"] = sectors
            self.initial["primary"] = sectors[0] if sectors else ""
            self.initial["aliases"] = "\n".join(self.instance.aliases.values_list("name", flat=True))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Organisation.objects.known_as(name).exclude(pk=self.instance.pk).first()
        if same and name != self.instance.name:
            raise forms.ValidationError(_("“%(name)s” goes by this name already.") % {"name": same})
        return name

    def clean_aliases(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError(_("A name has at most 200 characters."))
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        sectors, primary = data.get("sectors") or [], data.get("primary")
        if primary and primary not in sectors:
            self.add_error("primary", _("Choose one of the O's that are ticked."))
        elif len(sectors) > 1 and not primary:
            self.add_error("primary", _("Say which of these comes first."))
        elif len(sectors) == 1:
            data["primary"] = sectors[0]
        return data
