"""Organisations for other programs. The form checks what comes in and the service writes it."""

from typing import Any

from django.core.exceptions import ValidationError as RuleBroken
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from crm.base.rest import errors_of
from crm.base.sectors import Sector
from crm.directory.organisations.filters import OrganisationFilter
from crm.organisations.forms import OrganisationForm
from crm.organisations.models import Organisation, OrganisationQuerySet
from crm.organisations.services import DETAILS, save_organisation
from crm.themes.api import TagNames

_SENT = ["name", "parent", "sectors", "primary", "aliases", "tags", *sorted(DETAILS)]


class OrganisationSerializer(serializers.ModelSerializer):
    """`sectors` has the primary one first; of several, `primary` says which that is."""

    instance: Organisation | None

    sectors = serializers.ListField(
        child=serializers.ChoiceField(Sector.choices), source="sector_list", required=False
    )
    primary = serializers.ChoiceField(Sector.choices, required=False, write_only=True, allow_blank=True)
    aliases = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    tags = TagNames(required=False)
    kvk_number = serializers.CharField(max_length=20, required=False, allow_blank=True)
    website = serializers.CharField(max_length=200, required=False, allow_blank=True)

    class Meta:
        model = Organisation
        fields = ["id", *_SENT, "external_id", "created_at", "updated_at"]
        read_only_fields = ["external_id"]

    def to_representation(self, organisation: Organisation) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(_Plain(organisation))
        return shown

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """What the form says of it; of a PATCH, what is not named is as it was."""
        form = OrganisationForm(self._form_data(data), instance=self.instance)
        if not form.is_valid():
            raise ValidationError(errors_of(form))
        return {"form": form}

    def _form_data(self, data: dict[str, Any]) -> dict[str, Any]:
        given = {("sectors" if name == "sector_list" else name): value for name, value in data.items()}
        whole = {**(_as_given(self.instance) if self.instance and self.partial else {}), **given}
        parent = whole.get("parent")
        return {
            "country": "NL",
            **whole,
            "parent": parent.pk if parent else "",
            "aliases": "\n".join(whole.get("aliases", [])),
            "tags": ", ".join(whole.get("tags", [])),
        }

    def save(self, **kwargs: Any) -> Organisation:
        form: OrganisationForm = self.validated_data["form"]
        try:
            saved = save_organisation(
                organisation=self.instance, actor=self.context["request"].user, **form.cleaned_data
            )
        except RuleBroken as error:
            raise ValidationError(error.message_dict) from error
        self.instance = found = _whole().get(pk=saved.pk)
        return found


class _Plain:
    """An organisation with its other names and tags as lists of words."""

    def __init__(self, organisation: Organisation) -> None:
        self._organisation = organisation
        self.aliases = [alias.name for alias in organisation.aliases.all()]
        self.tags = organisation.tags

    def __getattr__(self, name: str) -> Any:
        return getattr(self._organisation, name)


def _as_given(organisation: Organisation) -> dict[str, Any]:
    """As if a program had sent what there is now."""
    sectors = organisation.sector_list()
    return {
        **{name: getattr(organisation, name) for name in DETAILS},
        "name": organisation.name,
        "parent": organisation.parent,
        "sectors": sectors,
        "primary": sectors[0] if sectors else "",
        "aliases": [alias.name for alias in organisation.aliases.all()],
        "tags": [tag.name for tag in organisation.tags.all()],
    }


def _whole() -> OrganisationQuerySet:
    return Organisation.objects.prefetch_related("sectors", "aliases", "tags")


class OrganisationViewSet(viewsets.ModelViewSet):
    """Filtered and paged as the list of organisations is."""

    serializer_class = OrganisationSerializer
    # Page after page it is the export.
    reads, writes = "organisations.export", "organisations.change"
    queryset = Organisation.objects.all()

    def get_queryset(self) -> OrganisationQuerySet:
        return _whole()

    def filter_queryset(self, queryset: OrganisationQuerySet) -> OrganisationQuerySet:
        if self.detail:
            return queryset
        chosen = OrganisationFilter(self.request.query_params, Organisation.objects.all())
        if not chosen.is_valid():
            raise ValidationError(errors_of(chosen.form))
        return queryset.filter(pk__in=chosen.qs.order_by().values("pk"))

    def order(self) -> str:
        return "-key" if self.request.query_params.get("sort") == "-name" else "key"
