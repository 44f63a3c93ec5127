"""Mails that older versions left behind, brought to what the code expects now; on both databases."""

from collections.abc import Iterator
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from engagement.interviews.models import Interview
from engagement.mailings.models import Message
from tests.factories import make_contact, make_user

# A transaction around it would keep SQLite from altering tables.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def before_revisions() -> Iterator[Any]:
    """The models of engagement as they were; the end goes forward again."""
    executor = MigrationExecutor(connection)
    executor.migrate([("engagement", "0010_attended_kinds")])
    yield executor.loader.project_state([("engagement", "0010_attended_kinds")]).apps
    forward()


def forward() -> None:
    call_command("migrate", stdout=StringIO())


def test_what_old_mails_tell_about_is_read_from_their_keys(
    before_revisions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("engagement.migrations.0011_message_revision"), "_PIECE", 2)
    contact, now = make_contact(), timezone.now()
    keys = {
        "invitation:7:12": 0,
        "confirmation:7:12:2": 2,
        "confirmation:7:12:13": 13,
        "update:7:12:1": 1,
        "cancellation:7:12:4": 4,
        "reminder:7:12:3000000000": 3_000_000_000,
        "reminder:7:12:": 0,
    }
    for key in keys:
        before_revisions.get_model("engagement", "Message").objects.create(
            key=key,
            kind=key.partition(":")[0],
            about_id=7,
            contact_id=contact.pk,
            due_at=now,
            give_up_at=now,
        )
    interviews = before_revisions.get_model("engagement", "Interview").objects
    for notes in ("", "The labs are empty at night."):
        interviews.create(notes=notes, held_at=now, interviewer_id=make_user().pk)
    forward()
    assert dict(Message.objects.values_list("key", "revision")) == keys
    assert dict(Interview.objects.values_list("writeup__text", "state")) == {
        "": "held",
        "The labs are empty at night.": "written up",
    }
