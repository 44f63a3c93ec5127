"""Gathers the models of the nouns for Django."""

from engagement.events.models import Event, Participation, ReminderRule
from engagement.interviews.models import Interview
from engagement.mailings.models import Bucket, Mailing, Message, Recipient
from engagement.strategy.models import StrategyItem

__all__ = [
    "Bucket",
    "Event",
    "Interview",
    "Mailing",
    "Message",
    "Participation",
    "Recipient",
    "ReminderRule",
    "StrategyItem",
]
