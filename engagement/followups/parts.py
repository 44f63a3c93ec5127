"""What belongs to a contact or organisation of follow-ups."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.followups.models import FollowUp

declare(FollowUp, "contact", called=_("follow-ups"))
declare(FollowUp, "organisation", called=_("follow-ups"))
