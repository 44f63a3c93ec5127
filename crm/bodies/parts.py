"""What belongs to a contact or organisation of bodies: seats, and who holds them."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from crm.bodies.models import Seat, SeatHolder

declare(Seat, "organisation", called=_("seats in bodies"), page="body")
declare(SeatHolder, "contact", called=_("seats in bodies"), page="seat.body")
