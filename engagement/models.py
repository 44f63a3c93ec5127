"""Gathers the models of the nouns for Django."""

from engagement.compositions.models import Block, Composition
from engagement.events.models import AttendedKind, Event, Participation, ReminderRule
from engagement.inbox.models import IncomingMail
from engagement.interviews.models import Interview
from engagement.mailings.models import Bucket, Edition, Mailing, Message, Recipient
from engagement.strategy.models import StrategyItem

__all__ = [
    "AttendedKind",
    "Block",
    "Bucket",
    "Composition",
    "Edition",
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
