"""What follows from what comes back, and that nothing follows from anything else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.contacts.models import ContactPoint
from crm.preferences.models import ConsentRecord
from crm.preferences.rules import may_receive
from crm.timeline.models import TimelineEntry
from engagement.inbox.models import IncomingMail
from engagement.inbox.services import TooEarly, receive
from engagement.mailings.mime import message_id
from engagement.mailings.models import Message
from engagement.mailings.verp import verp_sender
from tests.engagement.inbox.test_classifying import ORIGINAL, report
from tests.factories import invite_everybody, make_contact, make_event, put

pytestmark = pytest.mark.django_db
OURS = b"<5a1b0f6e-7f3c-4f4e-9c0e-0d8f0b6a2f11@example.org>"
UNKNOWN = ("550 5.1.1 User unknown", "5.1.1")
FULL = ("452 4.2.2 Mailbox full", "4.2.2")


@pytest.fixture
def sent() -> Message:
    """An invitation that went to jan@example.net an hour ago."""
    make_contact(email="jan@example.net")
    (message,) = invite_everybody(make_event())
    put(message, state="sent", sent_at=timezone.now() - timedelta(hours=1))
    message.refresh_from_db()
    return message


def bounce(message: Message, said=UNKNOWN, *, nonce: str = "", address: str = "jan@example.net") -> bytes:
    raw = report(said[0], status=said[1]).replace(OURS, message_id(message).encode())
    return raw.replace(b"jan@example.net", address.encode()) + nonce.encode()


def complaint(message: Message, to: str = "jan@example.net") -> bytes:
    original = ORIGINAL.replace(OURS, message_id(message).encode())
    return (
        b"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n"
        b"--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: "
        + to.encode()
        + b"\n\n--x\nContent-Type: message/rfc822\n\n"
        + original
        + b"\n--x--\n"
    )


def state_of_point() -> str:
    return ContactPoint.objects.get(value="jan@example.net").state


def everything() -> list[object]:
    models: tuple[Any, ...] = (
        Message,
        ContactPoint,
        ContactPoint.history.model,
        ConsentRecord,
        TimelineEntry,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_hard_bounce_suspends_the_address_and_tells_it(sent):
    mail = receive(raw=bounce(sent))
    assert (mail.kind, mail.code, mail.effect, mail.message) == ("hard", "5.1.1", "suspend", sent)
    assert state_of_point() == "bounced"
    before = sent.sent_at
    sent.refresh_from_db()
    assert (sent.state, sent.sent_at) == ("bounced", before)
    assert TimelineEntry.objects.get(kind="inbox.bounced").contact == sent.contact
    assert ContactPoint.objects.get().history.count() == 2
    assert sent.contact.email() == ""


@pytest.mark.parametrize("make", [bounce, complaint])
def test_same_mail_twice_changes_nothing_twice(sent, make):
    first = receive(raw=make(sent))
    before = everything()
    again = b"Received: from elsewhere\n" + make(sent).replace(b"\n", b"\r\n")
    assert receive(raw=again) == first
    assert everything() == before
    assert IncomingMail.objects.count() == 1


def test_everybody_who_shares_the_address_is_told(sent):
    other = make_contact(email="jan@example.net")
    receive(raw=bounce(sent))
    assert list(other.contact_points.values_list("state", flat=True)) == ["bounced"]


def test_address_of_the_envelope_is_enough(sent, settings):
    settings.BOUNCE_ADDRESS = "bounces@example.org"
    raw = report(*UNKNOWN[:1], status="5.1.1")  # quotes a message that is not ours
    mail = receive(raw=raw, recipient=verp_sender(sent))
    assert (mail.effect, state_of_point()) == ("suspend", "bounced")


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "forge",
    [
        lambda message: report(UNKNOWN[0], status="5.1.1"),
        lambda message: bounce(message, address="somebody.else@example.net"),
        lambda message: bounce(message).replace(str(message.pk)[:8].encode(), b"00000000"),
        lambda message: b"To: bounces+" + b"a" * 42 + b"@example.org\n" + report(UNKNOWN[0], status="5.1.1"),
        lambda message: complaint(message, to="somebody.else@example.net"),
    ],
)
def test_forged_mail_changes_nothing(sent, forge):
    before = everything()
    assert receive(raw=forge(sent)).effect == "nothing"
    assert everything() == before


@pytest.mark.parametrize("state", ["queued", "skipped", "deferred"])
def test_bounce_of_a_message_that_never_went_out_changes_nothing(sent, state):
    reason = "declined" if state == "skipped" else ""
    put(sent, state=state, sent_at=None, reason=reason)
    assert receive(raw=bounce(sent)).effect == "nothing"
    assert state_of_point() == "ok"


def test_bounce_that_is_here_before_the_answer_of_the_server_comes_again(sent):
    held = {"claim": sent.pk, "lease_until": timezone.now() + timedelta(minutes=1)}
    put(sent, state="handing_over", sent_at=None, **held)
    with pytest.raises(TooEarly):
        receive(raw=bounce(sent))
    assert IncomingMail.objects.count() == 0


def test_bounce_of_an_uncertain_message_settles_that_it_was_sent(sent):
    put(sent, state="uncertain", sent_at=None)
    receive(raw=bounce(sent))
    sent.refresh_from_db()
    assert sent.state == "bounced"
    assert sent.sent_at is not None


def on_days(message: Message, days: list[int], said=FULL) -> list[str]:
    """The state of the address after a failure on each of `days`, counted from today."""
    states = []
    for number, day in enumerate(days):
        receive(raw=bounce(message, said, nonce=f"{number} {day}"), now=timezone.now() + timedelta(days=day))
        states.append(state_of_point())
    return states


def test_passing_failures_suspend_after_three_different_days(sent):
    assert on_days(sent, [0, 0, 0, 1, 1, 2]) == ["ok"] * 5 + ["bounced"]
    assert TimelineEntry.objects.filter(kind="inbox.failing").count() == 1


def test_passing_failures_far_apart_do_not_count_together(sent):
    assert on_days(sent, [0, 20, 40, 60]) == ["ok"] * 4


def another_sent(message: Message, at: datetime) -> None:
    other = Message.objects.get(pk=message.pk)
    other.pk, other.key = None, "another"
    other.state, other.sent_at = "sent", at
    other.id = Message().pk
    other.save(force_insert=True)


def test_success_in_between_begins_the_count_anew(sent):
    assert on_days(sent, [0, 1]) == ["ok", "ok"]
    another_sent(sent, timezone.now() + timedelta(days=2))
    assert on_days(sent, [10, 11])[-1] == "ok"
    assert on_days(sent, [12]) == ["bounced"]


@pytest.mark.parametrize(("short_of_it", "state"), [(timedelta(seconds=1), "bounced"), (timedelta(0), "ok")])
def test_mail_that_did_not_come_back_for_five_days_arrived(sent, short_of_it, state):
    assert on_days(sent, [0, 1]) == ["ok", "ok"]
    went = timezone.now() + timedelta(days=2)
    another_sent(sent, went)
    receive(raw=bounce(sent, FULL), now=went + timedelta(days=5) - short_of_it)
    assert state_of_point() == state


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "said",
    [("554 5.7.1 Spam", "5.7.1"), ("552 5.3.4 Message too large", "5.3.4"), ("550 5.7.26 DMARC", "5.7.26")],
)
def test_what_is_said_of_our_mail_never_suspends_an_address(sent, said):
    assert on_days(sent, list(range(10)), said) == ["ok"] * 10


def test_complaint_opts_out_of_its_purpose_and_stops_the_address(sent):
    mail = receive(raw=complaint(sent))
    assert (mail.kind, mail.effect) == ("complaint", "opt out")
    assert may_receive(sent.contact, "invitation") is False
    assert may_receive(sent.contact, "reminder") is True
    assert ConsentRecord.objects.get().source == "complaint"
    assert state_of_point() == "complained"
    receive(raw=bounce(sent))
    assert state_of_point() == "complained"


def test_automatic_answer_changes_nothing(sent):
    before = everything()
    raw = f"Auto-Submitted: auto-replied\nIn-Reply-To: {message_id(sent)}\nSubject: away\n\nUser unknown\n"
    mail = receive(raw=raw.encode())
    assert (mail.kind, mail.effect, mail.message) == ("auto-reply", "nothing", sent)
    assert everything() == before


def test_automatic_answer_proves_that_mail_gets_through(sent):
    """Whoever is away for weeks has a full mailbox in between; the machine that answers got the mail."""
    assert on_days(sent, [0, 1]) == ["ok", "ok"]
    raw = f"Auto-Submitted: auto-replied\nIn-Reply-To: {message_id(sent)}\nSubject: away\n\nUntil Monday\n"
    receive(raw=raw.encode(), now=timezone.now() + timedelta(days=2))
    assert on_days(sent, [3, 4, 5]) == ["ok", "ok", "bounced"]


def test_nothing_of_the_text_is_kept(sent):
    mail = receive(raw=bounce(sent))
    kept = " ".join(str(value) for value in IncomingMail.objects.values().get(pk=mail.pk).values())
    assert "jan" not in kept
    assert "User" not in kept
