"""How taking and leaving a seat reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

TAKEN = register(EntryKind("body.seat_taken", "armchair", "change", _("Became %(role)s, %(title)s")))
LEFT = register(EntryKind("body.seat_left", "armchair", "change", _("No longer %(role)s, %(title)s")))
