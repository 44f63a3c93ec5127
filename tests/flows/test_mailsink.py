"""The mail of `make up`: kept as it came, and shown without running anything in it."""

import http.client
import os
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP

import pytest

from tests.harness.processes import Started, free_port
from tests.harness.services import ROOT
from tests.harness.waiting import wait_until

pytestmark = pytest.mark.processes
HTML = '<p>Dag <b>Jan</b></p><script>alert(1)</script><a href="https://example.org/a?b=1&amp;c=2">Ja</a>'


class Sink:
    def __init__(self, folder: Path) -> None:
        self.smtp, self.web = free_port(), free_port()
        ports = {"MAIL_PORT": str(self.smtp), "MAIL_WEB_PORT": str(self.web)}
        env = {**os.environ, **ports, "VAR_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        self.process = Started("mail", [sys.executable, "-m", "bin.mailsink"], env, folder / "log")
        wait_until(self.answers, what="the page of the sink")

    def answers(self) -> bool:
        try:
            return self.get("/")[0] == 200
        except ConnectionError:
            return False

    def get(self, path: str, host: str = "127.0.0.1") -> tuple[int, str, str]:
        """Status, body and Content-Security-Policy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web, timeout=5)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body, answer.getheader("Content-Security-Policy", "")

    def send(self, mail: EmailMessage) -> None:
        with SMTP("127.0.0.1", self.smtp, timeout=5) as client:
            client.send_message(mail)

    def first(self) -> str:
        """The path of the newest mail's page."""
        return self.get("/")[1].partition('href="/mail/')[2].partition('"')[0]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    sink = Sink(tmp_path)
    yield sink
    sink.process.stop()


@pytest.fixture
def mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Kwartet <kwartet@example.org>", "Jan <jan@example.org>"
    mail["Subject"] = "Uitnodiging <expertsessie> Café"
    mail.set_content("Beste Jan,\nhttps://example.org/antwoord?x=1&y=2\n")
    mail.add_alternative(HTML, subtype="html")
    mail.add_attachment(
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="uitnodiging.ics"
    )
    return mail


def test_mail_is_listed_and_shown_with_all_its_parts(sink: Sink, mail: EmailMessage) -> None:
    assert "No mail yet" in sink.get("/")[1]
    sink.send(mail)
    assert "Uitnodiging &lt;expertsessie&gt; Café" in sink.get("/")[1]
    page = sink.get(f"/mail/{sink.first()}")[1]
    assert "Beste Jan," in page
    assert 'href="https://example.org/antwoord?x=1&amp;y=2"' in page
    assert "BEGIN:VCALENDAR" in page
    assert f'<iframe title="HTML part" src="/mail/{sink.first()}/html">' in page
    assert "<script>" not in page


def test_html_is_shown_in_a_sandbox_without_scripts(sink: Sink, mail: EmailMessage) -> None:
    sink.send(mail)
    status, body, policy = sink.get(f"/mail/{sink.first()}/html")
    assert (status, body.strip()) == (200, f'<base target="_blank">{HTML}')
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert policy.startswith("default-src 'none'")


def test_source_is_as_it_came(sink: Sink, mail: EmailMessage) -> None:
    sink.send(mail)
    status, body, _ = sink.get(f"/mail/{sink.first()}/raw")
    assert status == 200
    assert body.startswith("From: Kwartet <kwartet@example.org>\r\n")


def test_only_mail_is_served_and_only_to_this_machine(sink: Sink, tmp_path: Path) -> None:
    (tmp_path / "mail" / "1-1.txt").write_text("no mail")
    for path in (
        "/mail/..%2fsecret_key",
        "/mail/../secret_key",
        "/mail/1-1",
        "/mail/",
        "/secret_key",
        "/mail/1-1.txt/raw",
    ):
        assert sink.get(path)[0] == 404
    assert sink.get("/", host="evil.example.org")[0] == 421
