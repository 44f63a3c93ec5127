"""How follow-ups read on the timelines of a contact and an organisation."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register, register_thing
from engagement.followups.models import FollowUp

AGREED = register(
    Kind(
        "followup.agreed",
        "list-checks",
        "conversation",
        _("Agreed: %(title)s"),
        by_person=True,
        capability="followups.view",
    )
)
ASKED = register(
    Kind(
        "followup.asked",
        "phone",
        "conversation",
        _("Asked us: %(title)s"),
        by_person=True,
        capability="followups.view",
    )
)
DONE = register(
    Kind(
        "followup.done",
        "check",
        "conversation",
        _("Done: %(title)s"),
        by_person=True,
        capability="followups.view",
    )
)
register_thing("followup", FollowUp, capability="followups.view")
