"""Gathers the models of the nouns for Django."""

from engagement.approvals.models import ApprovalRequest
from engagement.attachments.models import Attachment
from engagement.codes.models import Code, CodeMerge
from engagement.compositions.models import Block, Composition
from engagement.decisions.models import Decision
from engagement.events.models import AttendedKind, Event, Participation, ReminderRule
from engagement.evidence.models import Evidence
from engagement.feedback.models import Feedback, Follow, FollowDigest
from engagement.followups.models import Digest, FollowUp
from engagement.inbox.models import IncomingMail
from engagement.intercoder.models import BlindCoding, CodingRound
from engagement.interviews.models import Guide, Interview
from engagement.mailings.models import Bucket, Edition, Mailing, Message, Recipient
from engagement.statements.models import (
    Response,
    Speaker,
    Statement,
    StatementCode,
    Writeup,
    WriteupVersion,
)
from engagement.strategy.models import StrategyItem

__all__ = [
    "ApprovalRequest",
    "Attachment",
    "AttendedKind",
    "BlindCoding",
    "Block",
    "Bucket",
    "Code",
    "CodeMerge",
    "CodingRound",
    "Composition",
    "Decision",
    "Digest",
    "Edition",
    "Event",
    "Evidence",
    "Feedback",
    "Follow",
    "FollowDigest",
    "FollowUp",
    "Guide",
    "IncomingMail",
    "Interview",
    "Mailing",
    "Message",
    "Participation",
    "Recipient",
    "ReminderRule",
    "Response",
    "Speaker",
    "Statement",
    "StatementCode",
    "StrategyItem",
    "Writeup",
    "WriteupVersion",
]
