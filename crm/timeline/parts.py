"""What belongs to a contact or organisation of the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import declare, declare_soft
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.models import TimelineEntry

declare(TimelineEntry, "contact", held=True, called=_("entries on the timeline"))
declare(TimelineEntry, "organisation", held=True, called=_("entries on the timeline"))
declare_soft(TimelineEntry, "about_key", Contact, where={"about_kind": "contact"})
declare_soft(TimelineEntry, "about_key", Organisation, where={"about_kind": "organisation"})
