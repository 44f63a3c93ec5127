"""What a reader of a newsletter gets, and that it is the same mail however it is made."""

import re
from datetime import timedelta
from email import message_from_string
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone, translation

from crm.contacts.models import Contact
from crm.links.services import open_link
from crm.preferences.links import UNSUBSCRIBE
from crm.timeline.models import TimelineEntry
from engagement.compositions.mails import COMPOSED, letters
from engagement.compositions.models import Block, Composition
from engagement.compositions.services import save
from engagement.events.links import ANSWER
from engagement.events.services import cancel_event
from engagement.mailings.kinds import KINDS, CannotBeMade
from engagement.mailings.making import made
from engagement.mailings.mime import build
from engagement.mailings.models import Message
from engagement.mailings.services import note_sent
from engagement.mailings.stencils import checked_stencil, decoded
from tests.factories import bring_to, make_contact, make_event, make_participation, put_in, queued, write
from tests.harness.mails import mails, raw_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]
NAMES = ("announcement", "newsletter", "feedback", "service")


def wants(contact: Contact) -> Contact:
    """Who said yes to the newsletter."""
    contact.preferences.create(
        purpose="newsletter", allowed=True, legal_basis="consent", since=timezone.now()
    )
    return contact


def message_of(kind: str = "newsletter", *blocks: Block, contact: Contact | None = None, **fields) -> Message:
    mailing = write(kind, *blocks, **fields)
    put_in(mailing, wants(contact or make_contact()))
    return queued(mailing)[0]


def render(message: Message):
    return KINDS[message.kind].render(message)


def test_the_four_kinds_are_registered():
    assert [kind.name for kind in COMPOSED] == list(NAMES)
    assert [kind.purpose for kind in COMPOSED] == ["invitation", "newsletter", "feedback", "service"]


@pytest.mark.parametrize("kind", NAMES)
def test_each_kind_has_the_salutation_the_words_and_the_way_out(kind):
    mail = render(message_of(kind))
    assert mail.subject == "Nieuws van de campus"
    for body in (mail.text, mail.html):
        assert "Geachte heer Van den Berg," in body
        assert "Een nieuw lab" in body
        assert "https://example.org/more" in body
    assert "Het staat er." in mail.text
    assert "Het <strong>staat</strong> er." in mail.html
    assert "- een\n- twee" in mail.text
    assert "Lees verder: https://example.org/more" in mail.text
    url = mail.headers["List-Unsubscribe"].strip("<>")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in mail.text
    link = open_link(url.rstrip("/").rpartition("/")[2], UNSUBSCRIBE)
    assert link.subject == KINDS[kind].purpose


def test_english_reader_gets_english():
    mail = render(message_of(contact=make_contact(language="en", formality="je")))
    assert mail.subject == "News of the campus"
    assert mail.text.startswith("Dear Jan,")
    assert "It is there (https://example.org/lab)." in mail.text
    assert '<html lang="en">' in mail.html
    assert "because you said yes to our newsletter" in mail.html


def test_language_of_the_worker_does_not_show():
    message = message_of()
    with translation.override("en"):
        mail = render(message)
    assert "Met vriendelijke groet," in mail.text


def test_card_shows_the_event_and_its_participants_get_their_own_answer_page():
    event = make_event()
    there, elsewhere = make_participation(event=event).contact, make_contact()
    mailing = write("service", event=event)
    put_in(mailing, there, elsewhere)
    with_answer, without = (render(message) for message in queued(mailing))
    for mail in (with_answer, without):
        assert "Expertsessie talent" in mail.text
        assert "DesignLab" in mail.html
    assert "Uw antwoord" in with_answer.html
    assert "Uw antwoord" not in without.html
    url = next(line for line in with_answer.text.splitlines() if line.startswith("Uw antwoord")).split()[-1]
    link = open_link(url.rstrip("/").rpartition("/")[2], ANSWER)
    assert (link.contact, link.subject) == (there, str(there.participations.get().pk))


def test_event_that_is_cancelled_while_the_mailing_runs_says_so():
    event = make_event()
    message = message_of(event=event, contact=make_participation(event=event).contact)
    before = letters([message])[0].variant
    cancel_event(event=event)
    mail = render(message)
    assert "Dit evenement is afgelast." in mail.text
    assert "Uw antwoord" not in mail.html
    assert letters([message])[0].variant != before


@pytest.mark.parametrize("kind", NAMES)
def test_poured_mail_is_the_one_that_django_makes(kind):
    event = make_event(title_nl="Praat mee, <nu> & “echt” 🙂")
    mailing = write(kind, event=event, subject_nl="Nieuws & “meer” 🙂", subject_en="News")
    people = [
        wants(make_participation(event=event).contact),
        wants(make_contact(family_name="O'Neil <b>", given_name="Zoë")),
        wants(make_contact(language="en", formality="je", given_name="李小龍")),
    ]
    put_in(mailing, *people)
    for letter in letters(queued(mailing)):
        assert checked_stencil(KINDS[kind].compose, letter) is not None
        whole = build(letter.message, KINDS[kind].compose(letter, letter.fields))
        assert decoded(made(letter)) == decoded(whole)


def test_long_paragraphs_are_poured_as_well():
    words = "Een zin met **nadruk** en een [link](https://example.org), keer op keer. " * 50
    message = message_of("newsletter", Block(kind="text", text_nl=words), Block(kind="list", text_nl=words))
    letter = letters([message])[0]
    assert checked_stencil(KINDS["newsletter"].compose, letter) is not None


def test_changed_words_are_another_variant():
    message = message_of()
    before = letters([message])[0].variant
    composition = Composition.objects.get()
    save(composition=composition, blocks=[Block(kind="text", text_nl="Anders")])
    assert letters([message])[0].variant != before
    assert "Anders" in decoded(made(letters([message])[0]))[1][0][2].decode()


def test_words_saved_while_they_are_read_are_never_half_a_mail():
    """Between the query for the subject and the one for the blocks somebody saves both."""
    message = message_of()
    saved: list[bool] = []

    def meddle(execute, sql, *others):
        if 'FROM "engagement_block"' in sql and not saved:
            saved.append(True)
            other = Composition.objects.get()
            other.subject_nl = "Ander onderwerp"
            save(composition=other, blocks=[Block(kind="text", text_nl="Andere tekst")])
        return execute(sql, *others)

    with connection.execute_wrapper(meddle):
        mail = render(message)
    assert (mail.subject, "Andere tekst" in mail.text, saved) == ("Ander onderwerp", True, [True])


def test_letters_of_many_take_a_fixed_number_of_queries(django_assert_max_num_queries):
    event = make_event()
    mailing = write(event=event)
    put_in(mailing, *[wants(make_participation(event=event).contact) for _ in range(30)])
    messages = queued(mailing)
    with django_assert_max_num_queries(10):
        assert len({letter.fields["salutation"] for letter in letters(messages)}) == 1


def test_mail_that_is_not_written_in_their_language_cannot_be_made():
    message = message_of("newsletter", Block(kind="text", text_nl="Alleen Nederlands"))
    message.language = "en"
    with pytest.raises(CannotBeMade, match="niet geschreven in het Engels"):
        render(message)


def test_salutation_that_does_not_resolve_cannot_be_made():
    message = message_of()
    message.contact.family_name = message.contact.given_name = message.contact.initials = ""
    with pytest.raises(CannotBeMade, match="UnresolvedSalutation"):
        render(message)


HOSTILE = '<script>alert(1)</script> & {{ 7 }} "quotes" \U0001f600'


def test_hostile_words_are_shown_as_typed_and_never_run():
    blocks = [
        Block(kind="heading", text_nl=HOSTILE),
        Block(kind="text", text_nl=HOSTILE),
        Block(kind="list", text_nl=HOSTILE),
        Block(kind="button", text_nl=HOSTILE, url='https://example.org/"><script>x</script>'),
    ]
    mail = render(message_of("newsletter", *blocks, subject_nl=f"{HOSTILE}\r\nBcc: x@example.org"))
    assert mail.text.count(HOSTILE) == 4
    assert "<script>" not in mail.html
    assert mail.subject == f"{HOSTILE} Bcc: x@example.org"


def test_sent_mails_stand_on_the_timeline_once():
    message = message_of()
    bring_to("sent", Message.objects.filter(pk=message.pk))
    assert [note_sent([message.pk]), note_sent([message.pk])] == [1, 0]
    entry = TimelineEntry.objects.get(contact=message.contact)
    assert (entry.kind, entry.words["title"]) == ("composition.newsletter", "Nieuws van de campus")
    assert (entry.about_kind, entry.about_key) == ("mailing", str(message.mailing_id))
    with translation.override("nl"):
        assert entry.sentence() == "Nieuwsbrief: Nieuws van de campus"


def test_event_that_has_started_gives_no_answer_page():
    event = make_event(starts_at=timezone.now() - timedelta(hours=1))
    message = message_of(
        "service", Block(kind="text", text_nl="x"), contact=make_participation(event=event).contact
    )
    Block.objects.create(composition=Composition.objects.get(), position=2, kind="event", event=event)
    assert letters([message])[0].fields.keys() == {"salutation", "preferences_url", "unsubscribe_url"}


def test_document_shows_the_source_of_each_kind_as_it_is_now():
    """When this fails: `make mails`."""
    text = (Path(__file__).resolve().parents[3] / "docs" / "mails.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^## ([\w ]+)\n.*?^````text\n(.*?)^````$", text, flags=re.MULTILINE | re.DOTALL))
    written = mails(make_event(), make_contact())
    assert {kind: shape(raw_of(message)) for kind, message in written.items()} == {
        kind.lower(): shape(raw) for kind, raw in shown.items()
    }
    assert set(written) == set(KINDS)


def shape(raw: str) -> list[str]:
    """The names of its headers, the types of its parts, and the tags of its html."""
    message = message_from_string(raw)
    html = next(part for part in message.walk() if part.get_content_type() == "text/html")
    tags = sorted(set(re.findall(r"<[a-z]\w*", str(html.get_payload()))))
    return [*message.keys(), *[part.get_content_type() for part in message.walk()], *tags]
