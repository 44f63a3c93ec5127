"""A real Postfix relays two mails of ours, and sends back the one that it cannot deliver."""

from email import message_from_bytes

import pytest

from crm.contacts.models import ContactPoint
from engagement.inbox.mailboxes import read_inbox
from engagement.inbox.models import IncomingMail
from engagement.mailings.delivery import deliver
from engagement.mailings.mime import message_id
from engagement.mailings.models import Message
from engagement.mailings.verp import message_of
from tests.factories import invite_everybody, make_contact, make_event
from tests.harness.postfix import postfix
from tests.harness.waiting import wait_until


@pytest.mark.processes
@pytest.mark.django_db
def test_bounce_of_a_real_postfix_finds_its_message(settings):
    make_contact(email="jan@example.net"), make_contact(email="gone@example.net")
    here, gone = invite_everybody(make_event())
    with postfix(jan="jan@example.net", bounces="bounces@example.org") as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Kennispark <post@example.org>"
        settings.BOUNCE_ADDRESS = "bounces@example.org"
        settings.INBOX = {"kind": "maildir", "path": server.maildir("bounces")}
        assert deliver() == 2
        wait_until(lambda: server.mails_of("bounces"), what="the bounce")
        wait_until(lambda: server.mails_of("jan"), what="the mail that arrives")
        (delivered,), (bounced,) = server.mails_of("jan"), server.mails_of("bounces")
        assert read_inbox() == 1
    assert message_from_bytes(delivered)["Message-ID"] == message_id(here)
    assert message_of(message_from_bytes(bounced)["To"]) == gone.pk
    assert dict(Message.objects.values_list("address", "state")) == {
        "jan@example.net": "sent",
        "gone@example.net": "bounced",
    }
    assert dict(ContactPoint.objects.values_list("value", "state")) == {
        "jan@example.net": "ok",
        "gone@example.net": "bounced",
    }
    mail = IncomingMail.objects.get()
    assert (mail.kind, mail.code, mail.effect, mail.message) == ("hard", "5.1.1", "suspend", gone)
