"""What a member of the team writes down: a note, or a call."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.happenings import Happening, Kind, register, tell
from crm.contacts.models import Contact
from crm.organisations.models import Organisation

NOTE = register(
    Kind(
        "timeline.note",
        "pencil",
        "conversation",
        _("Note by %(by)s"),
        by_person=True,
        capability="timeline.notes",
    )
)
CALL = register(
    Kind(
        "timeline.call",
        "phone",
        "conversation",
        _("Call with %(by)s"),
        by_person=True,
        capability="timeline.notes",
    )
)


@transaction.atomic
def add_note(*, about: Contact | Organisation, text: str, call: bool, by: User) -> None:
    """Put `text` on the timeline; a call does not count as being heard, an interview does."""
    kind, words = CALL if call else NOTE, {"by": str(by), "detail": text}
    if isinstance(about, Contact):
        tell(Happening(kind, contacts=[about.pk], words=words, by=by))
    else:
        tell(Happening(kind, organisation=about.pk, words=words, by=by))
