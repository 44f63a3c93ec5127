"""What belongs to a contact of where their data came from."""

from crm.base.parts import declare
from crm.provenance.models import Provenance

declare(Provenance, "contact", held=True)
