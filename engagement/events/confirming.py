"""Whether somebody who answered gets a mail about it: nothing else may say so on a page."""

from crm.contacts.models import Contact
from crm.preferences.models import Purpose
from crm.preferences.rules import may_receive, suppressed_digests
from engagement.events.models import Participation
from engagement.mailings.mime import is_usable
from engagement.mailings.models import Message


def can_be_confirmed(contact: Contact) -> bool:
    """Whether a mail about what this person did would go out."""
    address = contact.email()
    reachable = bool(address) and is_usable(address) and not suppressed_digests([address])
    return reachable and may_receive(contact, Purpose.SERVICE)


def confirmation_goes(participation: Participation) -> bool:
    """Whether the last answer was confirmed, or is going to be."""
    message = Message.objects.filter(
        kind="confirmation",
        about_id=participation.event_id,
        contact=participation.contact_id,
        revision=participation.answers,
    ).first()
    if message is None or message.state == Message.State.SENT:
        return message is not None
    waits = message.state in Message.UNFINISHED and message.address == participation.contact.email()
    return waits and can_be_confirmed(participation.contact)
