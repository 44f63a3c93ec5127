"""Organisations as a table that a spreadsheet program opens."""

from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.base.tables import Table, made_on
from crm.directory.organisations.filters import OrganisationFilter
from crm.exchange.organisations import OrganisationResource
from crm.exchange.resources import resource_table
from crm.organisations.models import Organisation


def organisation_table(organisations: Iterable[Organisation], *, about: list[tuple[str, str]]) -> Table:
    """`organisations` with `people` counted, and parent, sectors, aliases and tags read along."""
    return resource_table(OrganisationResource(), _("Organisations"), organisations, about)


def about(data: QueryDict, chosen: OrganisationFilter) -> list[tuple[str, str]]:
    """Which filter and when."""
    cleaned = chosen.form.cleaned_data
    words = [(_("Search"), str(data["q"]))] if data.get("q") else []
    words += [(_("O"), str(Sector(code).label)) for code in cleaned["sector"]]
    return [*words, *((_("Tag"), str(tag)) for tag in cleaned["tag"]), made_on()]
