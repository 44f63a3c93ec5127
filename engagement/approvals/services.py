"""Asking speakers whether we understood them, and writing down what they answer.

Whoever writes here locks the notes first, as whoever changes a statement does: so nobody agrees to words that
are being changed at that moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from crm.accounts.models import User
from crm.base.happenings import Happening, about, tell
from engagement.approvals.happenings import ANSWERED
from engagement.approvals.models import ApprovalRequest
from engagement.mailings.audience import people_in
from engagement.mailings.services import queue
from engagement.statements.models import Response, Speaker, Statement, Visibility, Writeup
from engagement.statements.services import Draft, StatementChanged, change_statement, keep_approved

APPROVAL, REMINDER = "approval", "approval reminder"
# Who was asked so lately is asked again only when something changed since.
JUST_ASKED = timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """What somebody says of one statement: `seen` is mark_of() the words that stood on their page."""

    statement: int
    seen: str
    kind: str
    visibility: str
    words: str = ""


def mark_of(words: str) -> str:
    """By which a page says what words it showed: line breaks do not survive in a form."""
    return sha256(words.encode()).hexdigest()[:16]


@transaction.atomic
def ask(
    *, writeup: Writeup, speakers: Collection[Speaker], by: User, note: str = ""
) -> list[ApprovalRequest]:
    """Send each of these speakers, as far as something of theirs is open, a link to their own statements.

    Whoever was asked within a day is asked again only when something changed since: of two clicks the second
    one finds that.
    """
    locked = Writeup.objects.select_for_update().get(pk=writeup.pk)
    made = []
    for speaker in speakers:
        if speaker.contact_id is None or not is_to_be_asked(speaker):
            continue
        request = ApprovalRequest.objects.create(
            writeup=locked, contact_id=speaker.contact_id, asked_by=by, note=note
        )
        queue(kind=APPROVAL, about_id=request.pk, people=people_in([speaker.contact_id]))
        made.append(request)
    if made:
        keep_approved(locked)
    return made


def is_to_be_asked(speaker: Speaker) -> bool:
    """Whether something of theirs is open that they were not asked about just now."""
    open_ones = list(speaker.statements.unanswered().select_related("latest_response"))
    asked = ApprovalRequest.objects.filter(writeup=speaker.writeup_id, contact=speaker.contact_id)
    last = asked.last_ones().first()
    if not open_ones or last is None:
        return bool(open_ones)
    lately = last.asked_at > timezone.now() - JUST_ASKED
    return not lately or any(_moved_at(statement) > last.asked_at for statement in open_ones)


def _moved_at(statement: Statement) -> datetime:
    return max(statement.updated_at, statement.answer.at) if statement.answer else statement.updated_at


@transaction.atomic
def remind(*, request: ApprovalRequest, now: datetime) -> bool:
    """Send the reminder that is due, if something is open still; of two beats one does it."""
    number = request.reminder_due(now)
    if not number or not request.open_statements().exists():
        return False
    mine = ApprovalRequest.objects.filter(pk=request.pk, reminders=request.reminders)
    if not mine.update(reminders=number, reminded_at=now):
        return False
    people = people_in([request.contact_id])
    queue(kind=REMINDER, about_id=request.pk, people=people, revision=number)
    return True


def remind_due(now: datetime | None = None) -> int:
    """Remind whoever did not answer, as often as APPROVAL_REMINDERS says; then silence is no approval."""
    moment = now or timezone.now()
    return sum(remind(request=one, now=moment) for one in ApprovalRequest.objects.to_remind(moment))


@transaction.atomic
def respond(
    *,
    speaker: Speaker,
    answers: Iterable[Answer],
    recorded_by: User | None = None,
    spoken_on: date | None = None,
) -> list[int]:
    """Add what a speaker says of statements of theirs; return the keys of those whose words are other ones by
    now, of which nothing was noted.

    `recorded_by` is whom they told it, on the day `spoken_on`. The same answer once more adds nothing.
    """
    writeup = Writeup.objects.select_for_update().get(pk=speaker.writeup_id)
    there = {one.pk: one for one in speaker.statements.select_related("latest_response")}
    changed, noted = [], 0
    for answer in answers:
        statement = there.get(answer.statement)
        if statement is None:
            continue
        if mark_of(statement.words) != answer.seen:
            changed.append(statement.pk)
        elif _is_new(response := _response(statement, speaker, answer), statement):
            response.recorded_by, response.spoken_on = recorded_by, spoken_on
            response.save()
            Statement.objects.filter(pk=statement.pk).update(latest_response=response)
            noted += 1
    if noted:
        keep_approved(writeup)
        _tell(speaker, writeup, recorded_by)
    return changed


def _response(statement: Statement, speaker: Speaker, answer: Answer) -> Response:
    """Not stored. Own words that are ours are an approval; more than we show nobody can allow."""
    shown, kind, words = statement.words, answer.kind, statement.words
    if kind == Response.Kind.CORRECTED:
        words = answer.words
        kind = Response.Kind.APPROVED if words == shown else kind
    order = Visibility.values
    visibility = max(statement.visibility, answer.visibility, key=order.index)
    return Response(
        statement=statement, speaker=speaker, kind=kind, shown=shown, words=words, visibility=visibility
    )


def _is_new(response: Response, statement: Statement) -> bool:
    last = statement.answer
    names = ("kind", "shown", "words", "visibility", "statement_id")
    return last is None or any(getattr(last, name) != getattr(response, name) for name in names)


def _tell(speaker: Speaker, writeup: Writeup, by: User | None) -> None:
    if speaker.contact_id is not None and writeup.source is not None:
        tell(Happening(ANSWERED, [speaker.contact_id], about=about(writeup.source), by=by))


@transaction.atomic
def take_words(*, statement: Statement, response: int, by: User) -> Statement:
    """Let the words that a speaker proposed be ours, which they approved with that.

    StatementChanged when they answered something else than `response` (its key) by now.
    """
    if statement.writeup_id is not None:
        Writeup.objects.select_for_update().get(pk=statement.writeup_id)
    now = Statement.objects.select_related("latest_response", "writeup").get(pk=statement.pk)
    if now.latest_response_id != response or not now.proposal:
        raise StatementChanged(now)
    return change_statement(statement=now, draft=Draft.of(now, wording=now.proposal), by=by)
