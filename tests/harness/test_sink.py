"""The sink is a test's witness, so it is tested itself."""

from collections.abc import Iterator
from smtplib import SMTP, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest

from tests.harness.sink import DROP_AFTER_DOT, DROP_BEFORE_DOT, RecordingSink

MAIL = (
    "From: a@example.org\r\nTo: b@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Hallo\r\n\r\nDag\r\n"
)


@pytest.fixture
def sink() -> Iterator[RecordingSink]:
    with RecordingSink() as sink:
        yield sink


def send(sink: RecordingSink) -> None:
    with SMTP("127.0.0.1", sink.port, timeout=5) as client:
        client.sendmail("a@example.org", ["b@example.org"], MAIL)


def test_sink_keeps_what_it_accepts(sink: RecordingSink) -> None:
    send(sink)
    (received,) = sink.to("B@example.org")
    assert (received.sender, received.message_id) == ("a@example.org", "<1@example.org>")
    assert received.text() == "Dag\n"
    assert received.mail["Subject"] == "Hallo"


@pytest.mark.parametrize("answer", ["451 4.7.1 later", "550 5.1.1 unknown"])
def test_sink_refuses_as_often_as_told(sink: RecordingSink, answer: str) -> None:
    sink.fail("b@example.org", answer, times=2)
    for _ in range(2):
        with pytest.raises(SMTPRecipientsRefused) as refused:
            send(sink)
        assert refused.value.recipients["b@example.org"] == (int(answer[:3]), answer[4:].encode())
    send(sink)
    assert len(sink.messages) == 1


@pytest.mark.parametrize(("how", "accepted"), [(DROP_BEFORE_DOT, 0), (DROP_AFTER_DOT, 1)])
def test_sink_drops_the_line_without_an_answer(sink: RecordingSink, how: str, accepted: int) -> None:
    sink.fail("b@example.org", how)
    with pytest.raises((SMTPServerDisconnected, ConnectionError)):
        send(sink)
    assert len(sink.messages) == accepted
