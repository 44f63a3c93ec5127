"""The form of a contact: the person, and rows for addresses and functions."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.base.conflicts import ChangedMeanwhile, in_words, stamp_input, stamp_of
from crm.base.fields import PickField
from crm.base.sectors import Sector
from crm.contacts.happenings import change_rows
from crm.contacts.models import Affiliation, Contact, ContactPoint, FormOfAddress
from crm.contacts.names import normalise_infix
from crm.contacts.reach import normalised, shown_number
from crm.contacts.services import AffiliationInput, PointInput, picture_of
from crm.organisations.models import Organisation
from crm.organisations.names import organisation_key
from crm.themes.forms import TagsField


class ContactForm(forms.ModelForm[Contact]):
    tags = TagsField()

    class Meta:
        model = Contact
        fields = [
            "given_name",
            "initials",
            "infix",
            "family_name",
            "titles_before",
            "titles_after",
            "form_of_address",
            "own_salutation",
            "formality",
            "language",
            "themes",
        ]
        field_classes = {"themes": PickField}
        widgets = {
            "form_of_address": forms.RadioSelect,
            "formality": forms.RadioSelect,
            "language": forms.RadioSelect,
            "themes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "given_name": gettext_lazy("What people call them."),
            "infix": gettext_lazy("van, de, van der, …"),
            "titles_before": gettext_lazy("prof. dr. ir."),
            "titles_after": gettext_lazy("MSc, PhD"),
            "form_of_address": gettext_lazy("Only when you know it; it is never guessed from a name."),
            "own_salutation": gettext_lazy("The whole first line of a letter; for “own salutation”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tags"] = [tag.name for tag in self.instance.tags.all()]

    def clean_infix(self) -> str:
        return normalise_infix(self.cleaned_data["infix"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("given_name", "initials", "family_name")):
            self.add_error("family_name", _("Fill in at least a family name, initials or a given name."))
        if data.get("form_of_address") == FormOfAddress.OWN and not data.get("own_salutation"):
            self.add_error("own_salutation", _("Write the salutation, or choose another form of address."))
        return data


class PointForm(forms.Form):
    """A row without a value is empty: not filled in, or cleared to remove it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=ContactPoint.Kind.choices, initial=ContactPoint.Kind.EMAIL
    )
    value = forms.CharField(label=gettext_lazy("Address or number"), max_length=254, required=False)
    preferred = forms.BooleanField(label=gettext_lazy("Preferred"), required=False)
    # Not shown on a new row.
    state = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") and data.get("value"):
            try:
                data["value"] = normalised(data["kind"], data["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return data

    def result(self) -> PointInput:
        data = self.cleaned_data
        return PointInput(kind=data["kind"], value=data["value"], preferred=data["preferred"])


class AffiliationForm(forms.Form):
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
    )
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=150, required=False)
    department = forms.CharField(label=gettext_lazy("Department"), max_length=150, required=False)
    sector = forms.ChoiceField(
        label=gettext_lazy("Speaks for"),
        choices=[("", gettext_lazy("as the organisation")), *Sector.choices],
        required=False,
    )
    started_on = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ended_on = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, known: dict[int, Affiliation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        start, end = data.get("started_on"), data.get("ended_on")
        if start and end and end < start:
            self.add_error("ended_on", _("This is before the start."))
        return data

    def result(self) -> AffiliationInput:
        data = dict(self.cleaned_data)
        current = self.known.get(data["pk"] or 0)
        return AffiliationInput(
            organisation=self._organisation(current),
            pk=current.pk if current else None,
            **{name: data[name] for name in (*Affiliation.TEXTS, "sector", "started_on", "ended_on")},
        )

    def _organisation(self, current: Affiliation | None) -> Organisation | str:
        """The one it was when the name was left alone: two organisations may share a name."""
        name = self.cleaned_data["organisation"]
        if current and current.organisation.name == name:
            return current.organisation
        return Organisation.objects.known_as(name).first() or name


class RowFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """`needs` is the field without which a row is empty."""

    needs = ""

    def filled(self) -> list[Any]:
        """What the rows say that are neither empty nor ticked for removal."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        return [form.result() for form in kept if form.cleaned_data.get(self.needs)]


class BasePointFormSet(RowFormSet):
    needs = "value"

    def clean(self) -> None:
        seen: set[tuple[str, str]] = set()
        preferred: set[str] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("value") or data.get("DELETE") or "kind" not in data:
                continue
            kind, value, is_preferred = data["kind"], data["value"], data["preferred"]
            if (kind, value) in seen:
                form.add_error("value", _("This stands here twice."))
            if is_preferred and kind in preferred:
                form.add_error("preferred", _("Only one of a kind can be preferred."))
            seen.add((kind, value))
            preferred |= {kind} if is_preferred else set()


class BaseAffiliationFormSet(RowFormSet):
    needs = "organisation"

    def clean(self) -> None:
        seen: set[int | str] = set()
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if not data.get("organisation") or data.get("DELETE") or data.get("ended_on") or form.errors:
                continue
            organisation = form.result().organisation
            key = (
                organisation.pk if isinstance(organisation, Organisation) else organisation_key(organisation)
            )
            if key in seen:
                form.add_error("organisation", _("This organisation stands here twice without an end."))
            seen.add(key)


PointFormSet = forms.formset_factory(
    PointForm, formset=BasePointFormSet, extra=2, can_delete=True, max_num=40, absolute_max=60
)
AffiliationFormSet = forms.formset_factory(
    AffiliationForm, formset=BaseAffiliationFormSet, extra=1, can_delete=True, max_num=40, absolute_max=60
)


class ContactForms:
    """The three parts as one: bound to `data`, filled from `contact`."""

    def __init__(self, data: Any, contact: Contact | None) -> None:
        points = list(contact.contact_points.all()) if contact else []
        rows = list(contact.affiliations.select_related("organisation")) if contact else []
        self.person = ContactForm(data, instance=contact)
        initial = [_point_initial(point) for point in points]
        self.points = cast(BasePointFormSet, PointFormSet(data, prefix="points", initial=initial))
        self.affiliations = cast(
            BaseAffiliationFormSet,
            AffiliationFormSet(
                data,
                prefix="affiliations",
                initial=[_affiliation_initial(row) for row in rows],
                form_kwargs={"known": {row.pk: row for row in rows}},
            ),
        )
        self._now = picture_of(contact) if contact else {}
        for form, point in zip(self.points.forms, points, strict=False):
            form.state = point.get_state_display() if point.state != ContactPoint.State.OK else ""

    @property
    def stamp_input(self) -> SafeString:
        return stamp_input(stamp_of(self._now)) if self._now else SafeString()

    def changed_meanwhile(self, changed: ChangedMeanwhile) -> None:
        """Say so above the form; saving once more goes on from what is there now."""
        self.person.add_error(None, in_words(change_rows(changed.diff)))

    def is_valid(self) -> bool:
        # Each of the three is asked, so that all errors are shown at once.
        valid = [part.is_valid() for part in (self.person, self.points, self.affiliations)]
        return all(valid)


def _point_initial(point: ContactPoint) -> dict[str, Any]:
    value = point.value if point.kind == ContactPoint.Kind.EMAIL else shown_number(point.value)
    return {"kind": point.kind, "value": value, "preferred": point.preferred}


def _affiliation_initial(row: Affiliation) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "organisation": row.organisation.name,
        **{name: getattr(row, name) for name in Affiliation.TEXTS},
        "sector": row.sector,
        "started_on": row.started_on,
        "ended_on": row.ended_on,
    }
