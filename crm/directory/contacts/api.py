"""Contacts for other programs. The forms check what comes in and the services write it."""

from typing import Any

from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from crm.base.rest import as_rows, errors_of, row_errors
from crm.base.sectors import Sector
from crm.contacts.forms import ContactForms
from crm.contacts.models import Contact, ContactPoint, ContactQuerySet, FormOfAddress
from crm.contacts.services import NAME_FIELDS
from crm.directory.contacts.filters import ContactFilter
from crm.directory.contacts.shown import order_of
from crm.directory.segments.models import Segment
from crm.preferences.models import Purpose
from crm.preferences.rules import may_receive
from crm.provenance.services import save_from_program
from crm.themes.api import TagNames
from crm.themes.models import Theme


class PointSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(ContactPoint.Kind.choices)
    value = serializers.CharField(max_length=254)
    preferred = serializers.BooleanField(default=False)
    state = serializers.CharField(read_only=True)


class AffiliationSerializer(serializers.Serializer):
    """`organisation` is a name; one that is not known yet makes a new organisation."""

    id = serializers.IntegerField(required=False, source="pk")
    organisation = serializers.CharField(max_length=200)
    job_title = serializers.CharField(max_length=150, allow_blank=True, default="")
    department = serializers.CharField(max_length=150, allow_blank=True, default="")
    sector = serializers.ChoiceField(Sector.choices, allow_blank=True, default="")
    started_on = serializers.DateField(allow_null=True, default=None)
    ended_on = serializers.DateField(allow_null=True, default=None)


class ContactSerializer(serializers.ModelSerializer):
    instance: Contact | None
    form_of_address = serializers.ChoiceField(FormOfAddress.choices, allow_blank=True, required=False)
    themes = serializers.SlugRelatedField("slug", queryset=Theme.objects.all(), many=True, required=False)
    tags = TagNames(required=False)
    contact_points = PointSerializer(many=True, required=False)
    affiliations = AffiliationSerializer(many=True, required=False)
    may_receive = serializers.SerializerMethodField()

    class Meta:
        model = Contact
        fields = [
            *("id", *NAME_FIELDS, "themes", "tags", "contact_points", "affiliations"),
            *("may_receive", "last_heard_on", "origin", "created_at", "updated_at"),
        ]
        read_only_fields = ["last_heard_on", "origin"]

    def get_may_receive(self, contact: Contact) -> dict[str, bool]:
        return {purpose.value: may_receive(contact, purpose) for purpose in Purpose}

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the form says of it; of a PATCH, what is not named is as it was."""
        forms = ContactForms(self._form_data(data), self.instance)
        if not forms.is_valid():
            rows = {"contact_points": forms.points, "affiliations": forms.affiliations}
            wrong = {name: row_errors(part) for name, part in rows.items() if not part.is_valid()}
            raise ValidationError({**errors_of(forms.person), **wrong})
        return {"forms": forms}

    def _form_data(self, data: dict[str, Any]) -> dict[str, Any]:
        known = _as_given(self.instance) if self.instance and self.partial else {}
        whole = {**known, **data}
        return {
            "formality": "u",
            "language": "nl",
            **{name: whole[name] for name in NAME_FIELDS if name in whole},
            "themes": [theme.pk for theme in whole.get("themes", [])],
            "tags": ", ".join(whole.get("tags", [])),
            **as_rows("points", whole.get("contact_points", [])),
            **as_rows("affiliations", whole.get("affiliations", [])),
        }

    def save(self, **kwargs: Any) -> Contact:
        forms: ContactForms = self.validated_data["forms"]
        person = forms.person.cleaned_data
        saved = save_from_program(
            contact=self.instance,
            fields={name: person[name] for name in NAME_FIELDS},
            themes=person["themes"],
            tags=person["tags"],
            points=forms.points.filled(),
            affiliations=forms.affiliations.filled(),
            actor=self.context["request"].user,
        )
        self.instance = found = Contact.objects.for_api().get(pk=saved.pk)
        return found


def _as_given(contact: Contact) -> dict[str, Any]:
    """As if a program had sent what there is now."""
    points, rows = contact.contact_points.all(), contact.affiliations.all()
    return {
        **{name: getattr(contact, name) for name in NAME_FIELDS},
        "themes": list(contact.themes.all()),
        "tags": [tag.name for tag in contact.tags.all()],
        "contact_points": [dict(PointSerializer(point).data) for point in points],
        "affiliations": [{**AffiliationSerializer(row).data, "pk": row.pk} for row in rows],
    }


class ContactViewSet(viewsets.ModelViewSet):
    """Filtered, sorted and paged as the list of contacts is."""

    serializer_class = ContactSerializer
    # Page after page it is the export.
    reads, writes = "contacts.export", "contacts.change"
    queryset = Contact.objects.all()

    def get_queryset(self) -> ContactQuerySet:
        return Contact.objects.for_api()

    def filter_queryset(self, queryset: ContactQuerySet) -> ContactQuerySet:
        if self.detail:
            return queryset
        segment = Segment.objects.chosen_by(self.request.user, self.request.query_params)
        chosen = ContactFilter(segment.query() if segment else self.request.query_params, queryset)
        if not chosen.is_valid():
            raise ValidationError(errors_of(chosen.form))
        found: ContactQuerySet = chosen.qs
        return found

    def order(self) -> str:
        return order_of(self.request.query_params.get("sort", ""))
