"""What belongs to an organisation of decisions: those it took."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.decisions.models import Decision

declare(Decision, "organisation", called=_("decisions"))
