"""What belongs to an organisation, of its own noun, and what merging two of them means."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, Whole, declare, declare_whole
from crm.organisations.models import Organisation, OrganisationAlias, OrganisationSector
from crm.organisations.services import DETAILS


def _sector(
    journal: Journal, there: OrganisationSector, coming: OrganisationSector, kept: dict[str, int]
) -> None:
    if there.sector == coming.sector:
        journal.remove(coming)
    else:
        journal.change(coming, primary=False, **kept)


def _leave_the_family(journal: Journal, kept: Organisation, gone: Organisation) -> None:
    """A part of what goes becomes a part of what that was a part of, or it would become its own."""
    if gone in kept.ancestors():
        journal.change(kept, parent_id=gone.parent_id)


def _settle(journal: Journal, kept: Organisation, gone: Organisation, old_name: str) -> None:
    """The key that save() would derive from the name; the names that it has no more become other names."""
    again = Organisation.objects.get(pk=kept.pk)
    again.set_keys()
    journal.change(kept, key=again.key)
    for name in (old_name, str(gone)):
        alias = OrganisationAlias(organisation=kept, name=name)
        alias.set_key()
        if alias.key != kept.key and not kept.aliases.filter(key=alias.key).exists():
            journal.add(alias)


declare_whole(Whole(Organisation, ("name", *sorted(DETAILS), "external_id"), _leave_the_family, _settle))
declare(Organisation, "parent", called=_("organisations that are part of it"))
declare(OrganisationSector, "organisation", held=True, history=True, clash=_sector, called=_("O's"))
declare(OrganisationAlias, "organisation", held=True, history=True, called=_("other names"))
_tags: Any = Organisation.tags.through
declare(_tags, "organisation", held=True, history=True, called=_("tags"))
