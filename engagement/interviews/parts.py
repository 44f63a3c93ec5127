"""What belongs to a contact or organisation of interviews."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare
from engagement.interviews.models import Interview

_with_whom: Any = Interview.contacts.through
declare(_with_whom, "contact", called=_("interviews"), page="interview")
declare(Interview, "organisation", called=_("interviews"))
