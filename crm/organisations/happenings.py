"""How changes to an organisation read on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import FOUND_BY, Kind, register, register_thing
from crm.organisations.models import Organisation

# The people who work there are found by its names.
_FOUND_BY = frozenset({FOUND_BY})
CREATED = register(
    Kind("organisation.created", "building-2", "change", _("%(title)s added by %(by)s"), touches=_FOUND_BY)
)
CHANGED = register(
    Kind("organisation.changed", "pencil", "change", _("%(title)s changed by %(by)s"), touches=_FOUND_BY)
)
register_thing("organisation", Organisation, capability="organisations.view")
