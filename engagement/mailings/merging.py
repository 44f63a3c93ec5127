"""What becomes of mails when two people turn out to be one."""

from typing import Any

from crm.contacts.models import Contact
from crm.duplicates.clashes import AFTERWARDS
from crm.duplicates.journal import Journal
from engagement.mailings.models import Message, Reason

_WAITING = (Message.State.QUEUED, Message.State.DEFERRED)


def _send_nothing_twice(journal: Journal, kept: Any) -> None:
    """A message that waits is skipped when the same one went out, or waits longer, under the other name."""
    if not isinstance(kept, Contact):
        return
    seen: set[tuple[str, int]] = set()
    for message in kept.messages.exclude(state=Message.State.SKIPPED).order_by("created_at"):
        about = (message.kind, message.about_id)
        if about in seen and message.state in _WAITING:
            journal.change(message, state=Message.State.SKIPPED, reason=Reason.ALREADY)
        seen.add(about)


AFTERWARDS.append(_send_nothing_twice)
