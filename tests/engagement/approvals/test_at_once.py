"""A speaker who answers while the team changes, splits or removes what they were asked about."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from engagement.approvals.services import Answer, mark_of, respond
from engagement.statements.models import Response, Statement, Writeup
from engagement.statements.services import (
    Draft,
    change_statement,
    remove_statement,
    split_statement,
)
from tests.factories import make_contact, make_interview, make_statement

# A test's SQLite lives in memory, where threads cannot wait for each other.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Act = Callable[[Statement], Any]
SAID = "De hal is te klein. Er is geen stroom."


def make_said() -> Statement:
    return make_statement(SAID, interview=make_interview(make_contact(), notes=SAID))


def approve(statement: Statement, kind: str = "approved") -> Any:
    """The words that they saw, whatever these are by now."""
    assert statement.speaker is not None
    said = Answer(statement.pk, mark_of(SAID), kind, "named")
    return respond(speaker=statement.speaker, answers=[said])


def withdraw(statement: Statement) -> Any:
    return approve(statement, "withdrawn")


def reword(statement: Statement) -> Any:
    draft = Draft.of(statement, wording="De hal is groot genoeg.")
    return change_statement(statement=statement, draft=draft, by=statement.created_by)


def split(statement: Statement) -> Any:
    return split_statement(statement=statement, at=20, by=statement.created_by)


def remove(statement: Statement) -> Any:
    return remove_statement(statement=statement, version=1)


def together(statement: Statement, first: Act, second: Act) -> Any:
    """What `second` returns, begun when all that `first` does is written and not committed yet."""
    written = Event()

    def hold(later: Future[Any]) -> None:
        with transaction.atomic():
            first(statement)
            written.set()
            while not (later.done() or somebody_waits()):
                sleep(0.01)

    def follow() -> Any:
        written.wait(5)
        return second(statement)

    def closing(work: Callable[..., Any], *given: Any) -> Any:
        try:
            return work(*given)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        later = pool.submit(closing, follow)
        pool.submit(closing, hold, later).result(10)
        return later.result(10)


def somebody_waits() -> bool:
    """For a lock; pg_stat_activity would say the same all through a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from pg_locks where not granted)")
        return bool(cursor.fetchone()[0])


def now(statement: Statement) -> tuple[list[str], bool]:
    """How far it and its parts are with the approval, and whether the notes are settled."""
    assert statement.writeup is not None
    settled = Writeup.objects.get(pk=statement.writeup.pk).approved_at is not None
    return [one.approval for one in statement.writeup.statements.all()], settled


def test_answer_never_counts_for_words_that_the_speaker_did_not_see():
    """One test for all ways, since emptying the database takes longer than each of them."""
    reworded, late, withdrawn = make_said(), make_said(), make_said()
    assert together(reworded, reword, approve) == [reworded.pk]
    assert now(reworded) == (["waiting"], False)
    together(late, approve, reword)
    assert now(late) == (["waiting"], False)
    assert Response.objects.get(statement=late).words == SAID
    for act in (approve, withdraw):
        parted = make_said()
        assert together(parted, split, act) == [parted.pk]
        assert now(parted) == (["waiting", "waiting"], False)
    together(withdrawn, withdraw, split)
    assert now(withdrawn) == (["withdrawn", "withdrawn"], True)
    assert not Statement.objects.approved().exists()


def test_what_is_answered_about_while_it_is_removed_goes_or_stays_whole():
    removed, answered = make_said(), make_said()
    assert together(removed, remove, approve) == []
    assert not Statement.objects.filter(pk=removed.pk).exists()
    with pytest.raises(ValidationError):
        together(answered, approve, remove)
    assert now(answered) == (["approved"], True)
