"""What belongs to a contact of approvals: that they were asked."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.approvals.models import ApprovalRequest

declare(ApprovalRequest, "contact", held=True, quiet=True, called=_("requests for approval"), page="writeup")
