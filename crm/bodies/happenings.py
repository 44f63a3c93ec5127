"""How taking and leaving a seat reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register, register_thing
from crm.bodies.models import SeatHolder

TAKEN = register(Kind("body.seat_taken", "armchair", "change", _("Became %(role)s, %(title)s")))
LEFT = register(Kind("body.seat_left", "armchair", "change", _("No longer %(role)s, %(title)s")))
register_thing("term", SeatHolder, capability="bodies.view", related=("seat__body",))
