"""What a member of the team writes down: a note, or a call."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from crm.timeline.kinds import EntryKind, register
from crm.timeline.models import TimelineEntry
from crm.timeline.services import record

NOTE = register(EntryKind("timeline.note", "pencil", "conversation", _("Note by %(by)s"), by_person=True))
CALL = register(EntryKind("timeline.call", "phone", "conversation", _("Call with %(by)s"), by_person=True))


@transaction.atomic
def add_note(*, about: Contact | Organisation, text: str, call: bool, by: User) -> TimelineEntry:
    """Put `text` on the timeline; a call does not count as being heard, an interview does."""
    subject = {"contact": about} if isinstance(about, Contact) else {"organisation": about}
    kind = CALL if call else NOTE
    return record(kind.name, words={"by": str(by), "detail": text}, actor=by, **subject)
