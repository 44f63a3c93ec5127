"""Looking at a mailing in either language, and having it sent to oneself."""

import socket
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client, override_settings
from django.urls import reverse

from crm.accounts.models import User
from crm.timeline.models import TimelineEntry
from engagement.mailings.models import Mailing, Message
from tests.engagement.compositions.test_mails import wants
from tests.factories import draft_invitation, make_contact, make_event, make_user, put_in, write
from tests.harness.sink import RecordingSink

pytestmark = pytest.mark.django_db
FAILING = "tests.engagement.mailings.test_trial.NobodyListens"


class NobodyListens(BaseEmailBackend):
    """As the backend for SMTP where no server is."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            socket.create_connection(free.getsockname(), 1)
        return 0


@pytest.fixture
def writer(client: Client) -> Client:
    user = make_user()
    User.objects.filter(pk=user.pk).update(email="writer@example.org")
    client.force_login(user)
    return client


@pytest.fixture
def mailing() -> Mailing:
    mailing = write()
    put_in(mailing, wants(make_contact()))
    return mailing


def send_test(writer: Client, mailing: Mailing) -> str:
    reader = mailing.recipients.get().contact.pk
    response = writer.post(reverse("mailing_test", args=[mailing.pk]), {"as": reader}, follow=True)
    return unescape(response.content.decode())


def test_test_comes_in_both_languages_to_who_asks(writer, mailing):
    assert "2 test mails are on their way to writer@example.org." in send_test(writer, mailing)
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["writer@example.org"], "[Test] Nieuws van de campus"),
        (["writer@example.org"], "[Test] News of the campus"),
    ]
    dutch, english = (str(one.body) for one in mail.outbox)
    assert dutch.startswith("Geachte heer Van den Berg,")
    assert english.startswith("Dear Mr Van den Berg,")
    assert "/u/preview/" in dutch


def test_what_became_of_it_stands_beside_the_button(writer, mailing):
    page = send_test(writer, mailing)
    assert page.count("2 test mails are on their way") == 1
    beside = page.partition('id="preview"')[2].partition("<iframe")[0]
    assert "Send a test to writer@example.org" in beside
    assert "2 test mails are on their way to writer@example.org." in beside


def test_anything_else_that_is_told_stands_above_the_page(writer, mailing):
    leave = {"recipient": mailing.recipients.get().pk}
    page = writer.post(reverse("mailing_leave_out", args=[mailing.pk]), leave, follow=True).text
    assert "1 person is left out." in page.partition("<h1>")[0]


def test_test_is_no_message_of_the_mailing(writer, mailing):
    send_test(writer, mailing)
    assert (
        Message.objects.count(),
        TimelineEntry.objects.filter(kind__startswith="composition").count(),
    ) == (0, 0)
    mailing.refresh_from_db()
    assert mailing.state == "draft"


def test_language_that_is_not_written_is_left_out(writer):
    mailing = write(subject_en="")
    put_in(mailing, wants(make_contact()))
    assert "One test mail is on its way" in send_test(writer, mailing)
    assert [one.subject for one in mail.outbox] == ["[Test] Nieuws van de campus"]


@pytest.mark.same_on_both
@pytest.mark.parametrize(("english", "languages"), [("Expert session", 2), ("", 1)])
def test_invitation_is_tried_without_its_calendar_part(writer, english, languages):
    make_contact()
    event = make_event(title_en=english, text_en=english and "Text")
    send_test(writer, draft_invitation(event))
    assert len(mail.outbox) == languages
    for one in mail.outbox:
        assert [part.get_content_type() for part in one.message().walk()][1:] == ["text/plain", "text/html"]


def test_text_that_cannot_be_made_is_said(writer):
    mailing = write(subject_nl="", subject_en="")
    put_in(mailing, wants(make_contact()))
    assert "It is not written in Dutch." in send_test(writer, mailing)
    assert mail.outbox == []


@override_settings(EMAIL_BACKEND=FAILING)
def test_server_that_does_not_answer_is_said(writer, mailing):
    assert "The mail server did not take it: [Errno 111] Connection refused" in send_test(writer, mailing)


@pytest.fixture
def real_server(settings) -> Iterator[RecordingSink]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with RecordingSink() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", urlsplit(sink.url).port
        yield sink


@pytest.mark.same_on_both
@pytest.mark.parametrize("how", ["550 5.1.1 no such user", "451 4.7.1 come back later"])
def test_what_the_server_answers_is_said(writer, mailing, real_server, how):
    real_server.fail("writer@example.org", how, times=5)
    assert f"The mail server did not take it: {how}" in send_test(writer, mailing)


@pytest.mark.same_on_both
def test_real_server_gets_it(writer, mailing, real_server):
    send_test(writer, mailing)
    received = real_server.to("writer@example.org")
    assert [one.mail["Subject"] for one in received] == [
        "[Test] Nieuws van de campus",
        "[Test] News of the campus",
    ]
    assert "Een nieuw lab" in received[0].text("text/html")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "You have no e-mail address to send a test to."),
        ("zoë@example.org", "The mail server did not take it:"),
    ],
)
def test_own_address_that_cannot_be_sent_to_is_said(writer, mailing, address, said):
    User.objects.filter(email="writer@example.org").update(email=address)
    assert said in send_test(writer, mailing)
    assert mail.outbox == []


def test_audience_of_nobody_gets_no_test(writer):
    mailing = write()
    response = writer.post(reverse("mailing_test", args=[mailing.pk]), {"as": "x"}, follow=True)
    assert "There is nobody in the audience yet." in unescape(response.content.decode())


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("language", "salutation"), [("en", "Dear Mr"), ("nl", "Geachte heer"), ("x", "Geachte heer")]
)
@pytest.mark.parametrize("kind", ["newsletter", "invitation"])
def test_preview_speaks_the_language_asked_for(writer, kind, language, salutation):
    if kind == "newsletter":
        mailing = write()
        put_in(mailing, wants(make_contact()))
    else:
        make_contact()
        mailing = draft_invitation(make_event())
    address = reverse("mailing_preview", args=[mailing.pk, mailing.recipients.get().pk])
    for part in ("", "text"):
        response = writer.get(address, {"language": language, "part": part})
        assert f"{salutation} Van den Berg," in response.content.decode()


@pytest.mark.same_on_both
def test_page_of_the_mailing_shows_the_language_that_was_chosen(writer, mailing):
    page = mailing.get_absolute_url()
    recipient = mailing.recipients.get()
    source = f'src="/mailings/{mailing.pk}/preview/{recipient.pk}/?language='
    assert f'{source}nl"' in writer.get(page).content.decode()
    assert f'{source}en"' in writer.get(page, {"language": "en"}).content.decode()
    assert f'{source}nl&amp;part=text"' in writer.get(page, {"part": "text"}).content.decode()
