"""What the list of organisations shows beside its rows."""

from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.base.sectors import Sector
from crm.directory.contacts.chips import Chip, without
from crm.directory.organisations.filters import OrganisationFilter
from crm.organisations.models import Organisation, OrganisationSector


def sector_switch(data: QueryDict) -> list[dict[str, Any]]:
    """The four O's with how many organisations the search leaves of each (two O's count in both)."""
    others = data.copy()
    chosen = others.pop("sector", [])
    for gone in ("after", "before"):
        others.pop(gone, None)
    found = OrganisationFilter(others, Organisation.objects.all()).qs.order_by().values("pk")
    rows = OrganisationSector.objects.filter(organisation__in=found).values_list("sector")
    counts = dict(rows.annotate(count=Count("organisation", distinct=True)).order_by())
    everything = {"sector": "", "count": found.count(), "query": others.urlencode(), "current": not chosen}
    return [everything] + [
        {
            "sector": sector.value,
            "count": counts.get(sector.value, 0),
            "query": "&".join(part for part in (others.urlencode(), f"sector={sector.value}") if part),
            "current": chosen == [sector.value],
        }
        for sector in Sector
    ]


def tag_chips(data: QueryDict, cleaned: dict[str, Any]) -> list[Chip]:
    """The tags filtered on, each with the way to drop it."""
    return [Chip(_("Tag"), str(tag), without(data, "tag", str(tag.pk))) for tag in cleaned.get("tag") or []]
