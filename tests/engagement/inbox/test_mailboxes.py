"""The ways in: a maildir and IMAP over a real socket; the pipe is in tests/flows/test_pipe.py."""

import imaplib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone

from engagement.inbox import services
from engagement.inbox.mailboxes import read_inbox
from engagement.inbox.models import IncomingMail
from engagement.mailings.models import Message
from tasks.inbox import read
from tests.engagement.inbox.test_classifying import report
from tests.engagement.inbox.test_services import bounce, sent, state_of_point  # noqa: F401 - `sent` is a fixture
from tests.factories import put
from tests.harness.imap import Mailbox, imap_server

ROOT = Path(__file__).resolve().parents[3]
LETTER = b"From: piet@example.net\nSubject: A question\n\nWhen does it begin?\n"


@pytest.fixture
def imap(settings) -> Iterator[Mailbox]:
    with imap_server() as mailbox:
        settings.INBOX = mailbox.config
        yield mailbox


@pytest.fixture
def maildir(settings, tmp_path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.INBOX = {"kind": "maildir", "path": tmp_path}
    return tmp_path


pytestmark = pytest.mark.django_db


def test_without_a_mailbox_there_is_nothing_to_read(settings):
    settings.INBOX = {}
    assert read_inbox() == 0


def test_maildir_is_read_once_and_a_letter_waits_for_a_person(maildir, sent):  # noqa: F811
    (maildir / "new" / "1.host").write_bytes(bounce(sent))
    (maildir / "new" / "2.host").write_bytes(LETTER)
    (maildir / "tmp" / "3.host").write_bytes(b"half a mail")
    assert read_inbox() == 2
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.host:2,S", "2.host:2,FS"]
    assert state_of_point() == "bounced"
    assert read_inbox() == 0


def test_imap_is_read_once_and_a_letter_waits_for_a_person(imap, sent):  # noqa: F811
    imap.put(bounce(sent), LETTER)
    read()
    assert list(imap.flags.values()) == [{r"\Seen"}, {r"\Seen", r"\Flagged"}]
    assert state_of_point() == "bounced"
    assert read_inbox() == 0
    assert IncomingMail.objects.count() == 2


@pytest.mark.same_on_both
def test_mailbox_is_read_in_slices(imap, settings):
    settings.INBOX_BATCH = 2
    imap.put(*[report("550 5.1.1 unknown", status="5.1.1") + str(n).encode() for n in range(5)])
    assert [read_inbox() for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.same_on_both
@pytest.mark.parametrize("kind", ["imap", "maildir"])
def test_mail_that_could_not_be_noted_stays_unread(imap, maildir, settings, monkeypatch, kind):
    settings.INBOX = imap.config if kind == "imap" else {"kind": "maildir", "path": maildir}
    imap.put(LETTER)
    (maildir / "new" / "1.host").write_bytes(LETTER)
    with monkeypatch.context() as patch:
        patch.setattr(services, "receive", broken)
        with pytest.raises(OperationalError):
            read_inbox()
    assert imap.flags == {100: set()}
    assert [path.name for path in (maildir / "new").iterdir()] == ["1.host"]
    assert read_inbox() == 1


def broken(**_: object) -> None:
    raise OperationalError("the database is gone")


def test_bounce_that_comes_too_early_is_read_again(maildir, sent):  # noqa: F811
    held = {"claim": sent.pk, "lease_until": timezone.now() + timedelta(minutes=1)}
    put(sent, state="handing_over", sent_at=None, **held)
    (maildir / "new" / "1.host").write_bytes(bounce(sent))
    assert read_inbox() == 0
    free = {"claim": None, "lease_until": None, "sent_at": timezone.now()}
    Message.objects.filter(pk=sent.pk).update(state="sent", **free)
    assert read_inbox() == 1


@pytest.mark.same_on_both
def test_wrong_password_or_folder_is_an_error_and_reads_nothing(imap, settings):
    imap.put(LETTER)
    for wrong in ({"password": "x"}, {"folder": "Elsewhere"}):
        settings.INBOX = {**imap.config, **wrong}
        with pytest.raises(imaplib.IMAP4.error):
            read_inbox()
    assert "UID FETCH" not in imap.commands
