"""What belongs to a contact of selections: people who were ticked."""

from crm.base.parts import declare_soft
from crm.contacts.models import Contact
from crm.directory.segments.models import Segment

declare_soft(Segment, "filter", Contact, on_merge="leave")
