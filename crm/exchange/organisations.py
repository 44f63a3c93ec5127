"""The columns of a list of organisations, declared once: how a cell is read, and what an export holds."""

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from import_export.resources import ModelResource

from crm.exchange import cells as widgets
from crm.organisations.models import Organisation


class OrganisationResource(ModelResource):
    """Exports organisations with `people` counted, and parent, sectors, aliases and tags read along.

    Reading goes by these widgets; of what it is part of, its size and its people a list tells nothing here.
    """

    name = Field("name", _("Name"), widgets.Cell())
    aliases = Field("aliases", _("Other names"), widgets.NamesCell())
    sector = Field("sector_list", _("Sector"), widgets.SectorCell())
    parent = Field("parent", _("Part of"), widgets.Cell(), readonly=True)
    external_id = Field("external_id", _("Code elsewhere"), widgets.Cell())
    kvk_number = Field("kvk_number", _("KvK number"), widgets.KvkCell())
    size_class = Field("get_size_class_display", _("Size"), widgets.Cell(), readonly=True)
    street = Field("street", _("Street"), widgets.Cell())
    house_number = Field("house_number", _("House number"), widgets.Cell())
    postcode = Field("postcode", _("Postcode"), widgets.Cell())
    city = Field("city", _("City"), widgets.Cell())
    country = Field("get_country_display", _("Country"), widgets.CountryCell())
    website = Field("website", _("Website"), widgets.Cell())
    tags = Field("tags", _("Tags"), widgets.TagsCell())
    people = Field("people", _("Contacts"), widgets.Cell(), readonly=True)

    class Meta:
        model = Organisation
        fields = (
            *("name", "aliases", "sector", "parent", "external_id", "kvk_number", "size_class", "street"),
            *("house_number", "postcode", "city", "country", "website", "tags", "people"),
        )
        export_order = fields
