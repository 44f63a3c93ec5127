"""What the page of a statement tells of feedback, and that of a part of the strategy of who follows it."""

from collections.abc import Iterable

from django.utils import timezone

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.feedback.models import Feedback, Follow
from engagement.feedback.services import is_to_be_told
from engagement.statements.life import Beside, Step, register_steps
from engagement.statements.models import Statement
from engagement.strategy.models import StrategyItem
from engagement.thread.beside import register_section

_FOLDER = "engagement/feedback/life"


def _steps(statement: Statement, reader: User) -> Iterable[Step]:
    """When who said it was told what became of it, and that they are still to be."""
    speaker, writeup = statement.speaker, statement.writeup
    if not speaker or not writeup or not speaker.contact_id or not may(reader, "feedback.send"):
        return
    if not writeup.is_readable_by(reader):
        return
    for told in Feedback.objects.filter(writeup=writeup, contact=speaker.contact_id):
        yield Step(timezone.localdate(told.sent_at), f"{_FOLDER}/told.html", {"feedback": told})
    if is_to_be_told(speaker):
        yield Step(None, f"{_FOLDER}/to_tell.html", to_come=True)


def _followers(_item: StrategyItem, keys: list[int], reader: User) -> Iterable[Beside]:
    """How many people hear of a change of it, since they follow a sentence that carries it."""
    if may(reader, "feedback.send"):
        follows = Follow.objects.filter(statement__evidence__item__in=keys)
        if count := follows.values("contact").distinct().count():
            yield Beside(f"{_FOLDER}/followers.html", {"count": count})


register_steps(60, _steps)
register_section(_followers)
