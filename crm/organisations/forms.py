"""The form of an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.fields import PickOneField
from crm.base.sectors import Sector
from crm.organisations.addresses import HOME, normalised_kvk_number, normalised_postcode
from crm.organisations.models import Organisation
from crm.themes.forms import TagsField


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

    tags = TagsField()

    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, max_length=200, assume_scheme="https"
    )

    # Longer than what is kept: people type spaces and dots.
    kvk_number = forms.CharField(
        label=gettext_lazy("KvK number"),
        help_text=gettext_lazy("8 digits, as in the trade register."),
        required=False,
        max_length=20,
    )

    class Meta:
        model = Organisation
        fields = [
            "name",
            "parent",
            "kvk_number",
            "size_class",
            "website",
            "street",
            "house_number",
            "postcode",
            "city",
            "country",
        ]
        field_classes = {"parent": PickOneField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.exclude(pk=self.instance.pk).order_by("key", "pk")
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        if self.instance.pk:
            sectors = self.instance.sector_list()
            self.initial["sectors"] = sectors
            self.initial["primary"] = sectors[0] if sectors else ""
            self.initial["tags"] = [tag.name for tag in self.instance.tags.all()]
            self.initial["aliases"] = "\n".join(self.instance.aliases.values_list("name", flat=True))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = Organisation.objects.known_as(name).exclude(pk=self.instance.pk).first()
        if same and name != self.instance.name:
            raise forms.ValidationError(_("“%(name)s” goes by this name already.") % {"name": same})
        return name

    def clean_kvk_number(self) -> str:
        return normalised_kvk_number(self.cleaned_data["kvk_number"])

    def clean_aliases(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["aliases"].splitlines()]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError(_("A name has at most 200 characters."))
        return [line for line in lines if line]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_sectors(data)
        try:
            data["postcode"] = normalised_postcode(data.get("postcode") or "", data.get("country") or HOME)
        except forms.ValidationError as error:
            self.add_error("postcode", error)
        return data

    def _check_sectors(self, data: dict[str, Any]) -> None:
        sectors, primary = data.get("sectors") or [], data.get("primary")
        if primary and primary not in sectors:
            self.add_error("primary", _("Choose one of the O's that are ticked."))
        elif len(sectors) > 1 and not primary:
            self.add_error("primary", _("Say which of these comes first."))
        elif len(sectors) == 1:
            data["primary"] = sectors[0]
