"""Organisations as a table that a spreadsheet program opens."""

from collections.abc import Iterable, Iterator

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.contacts.chips import made_on
from crm.exports.tables import Table
from crm.organisations.filters import OrganisationFilter
from crm.organisations.models import Organisation
from crm.sectors import Sector


def organisation_table(organisations: Iterable[Organisation], *, about: list[tuple[str, str]]) -> Table:
    """`organisations` with `people` counted, and parent, sectors, aliases and tags read along."""
    headings = [
        *(_("Name"), _("Other names"), _("Sector"), _("Part of"), _("Code elsewhere"), _("KvK number")),
        *(_("Size"), _("Street"), _("House number"), _("Postcode"), _("City"), _("Country"), _("Website")),
        *(_("Tags"), _("Contacts")),
    ]
    return Table(_("Organisations"), headings, _rows(organisations), about)


def _rows(organisations: Iterable[Organisation]) -> Iterator[list[str]]:
    for one in organisations:
        yield [
            one.name,
            "; ".join(alias.name for alias in one.aliases.all()),
            "; ".join(str(Sector(code).label) for code in one.sector_list()),
            str(one.parent or ""),
            *(one.external_id, one.kvk_number, one.get_size_class_display()),
            *(one.street, one.house_number, one.postcode, one.city, one.get_country_display(), one.website),
            "; ".join(tag.name for tag in one.tags.all()),
            str(getattr(one, "people", "")),
        ]


def about(data: QueryDict, chosen: OrganisationFilter) -> list[tuple[str, str]]:
    """Which filter and when."""
    cleaned = chosen.form.cleaned_data
    words = [(_("Search"), str(data["q"]))] if data.get("q") else []
    words += [(_("O"), str(Sector(code).label)) for code in cleaned["sector"]]
    return [*words, *((_("Tag"), str(tag)) for tag in cleaned["tag"]), made_on()]
