"""What belongs to a contact of mailings, and what becomes of mails when two people turn out to be one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.base.parts import AFTER_MERGE, Journal, declare, declare_soft
from crm.contacts.models import Contact
from engagement.mailings.models import Mailing, Message, Reason, Recipient

_WAITING = (Message.State.QUEUED, Message.State.DEFERRED)


def _send_nothing_twice(journal: Journal, kept: Any) -> None:
    """A message that waits is skipped when the same one went out, or waits longer, under the other name."""
    if not isinstance(kept, Contact):
        return
    seen: set[tuple[str, int, int]] = set()
    for message in kept.messages.exclude(state=Message.State.SKIPPED).order_by("created_at"):
        about = (message.kind, message.about_id, message.revision)
        if about in seen and message.state in _WAITING:
            journal.change(message, state=Message.State.SKIPPED, reason=Reason.ALREADY)
        seen.add(about)


declare(Message, "contact", called=_("mails to this person"), page="mailing")
declare(Recipient, "contact", called=_("audiences of mailings"), page="mailing")
declare_soft(Mailing, "audience", Contact, on_merge="leave")
AFTER_MERGE.append(_send_nothing_twice)
