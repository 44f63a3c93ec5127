"""Gathers the models of the nouns for Django."""

from engagement.events.models import Event, Participation, ReminderRule
from engagement.inbox.models import IncomingMail
from engagement.interviews.models import Interview
from engagement.mailings.models import Bucket, Mailing, Message, Recipient
from engagement.strategy.models import StrategyItem

__all__ = [
    "Bucket",
    "Event",
    "IncomingMail",
    "Interview",
    "Mailing",
    "Message",
    "Participation",
    "Recipient",
    "ReminderRule",
    "StrategyItem",
]
