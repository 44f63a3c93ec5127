"""What the page of a statement tells of approval: each answer, and what is still to be asked."""

from collections.abc import Iterable

from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.statements.attribution import NAMES
from engagement.statements.life import Beside, Step, register_beside, register_steps
from engagement.statements.models import Approval, Statement, Visibility

_FOLDER = "engagement/approvals/life"


def _steps(statement: Statement, reader: User) -> Iterable[Step]:
    """The answers themselves are for whoever may read the notes; others see whether it is approved."""
    if statement.speaker is None:
        return
    if not _may_read(statement, reader):
        answer = statement.answer
        if answer is not None and statement.is_approved:
            yield Step(timezone.localdate(answer.at), f"{_FOLDER}/approved.html")
        return
    for answer in statement.responses.select_related("speaker__contact", "recorded_by"):
        yield Step(timezone.localdate(answer.at), f"{_FOLDER}/answer.html", {"answer": answer})
    if statement.approval == Approval.WAITING:
        yield Step(None, f"{_FOLDER}/open.html", to_come=True)


def _beside(statement: Statement, reader: User) -> Iterable[Beside]:
    speaker = statement.speaker
    by_organisation = statement.allowed == Visibility.ORGANISATION
    if speaker and by_organisation and _may_read(statement, reader) and speaker.is_given_away:
        yield Beside(f"{_FOLDER}/given_away.html")


def _may_read(statement: Statement, reader: User) -> bool:
    writeup = statement.writeup
    return may(reader, NAMES) and (writeup is None or writeup.is_readable_by(reader))


register_steps(20, _steps)
register_beside(20, _beside)
