"""Everybody is spoken to in one form, in each mail and on each page that it leads to."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.contacts.models import Contact
from crm.links.services import link_for, token_of
from crm.preferences.links import PREFERENCES, UNSUBSCRIBE
from engagement.compositions import mails as mails_written
from engagement.compositions.models import Block, Composition
from engagement.compositions.services import copy
from engagement.events import mails
from engagement.events.links import ANSWER
from engagement.events.mails import INVITATION
from engagement.events.models import Event, Participation
from engagement.mailings.editions import kept
from engagement.mailings.kinds import KINDS, Mail
from engagement.mailings.making import made
from engagement.mailings.mime import build
from engagement.mailings.models import Mailing, Message
from engagement.mailings.stencils import decoded
from tests.factories import (
    draft_invitation,
    invite_everybody,
    make_contact,
    make_event,
    make_participation,
    make_user,
    put_in,
    write,
)
from tests.harness.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]

WITH_U = "Uw ervaring telt."
WITH_JE = "Jouw ervaring telt."
_SPEAKS = {
    "u": re.compile(r"\b(u|uw|uzelf)\b|Geachte", re.IGNORECASE),
    "je": re.compile(r"\b(je|jij|jou|jouw)\b|Beste ", re.IGNORECASE),
}
ABOUT_EVENTS = [name for name, kind in KINDS.items() if kind.compose is mails.compose]
COMPOSED = [kind.name for kind in mails_written.COMPOSED]
ANSWERS = [*Participation.Status.values]


def forms_in(text: str) -> set[str]:
    """Of what people read: addresses and the head of a page are none of it."""
    body = re.sub(r"(?s)<head>.*?</head>", "", text)
    words = unescape(re.sub(r"<[^>]*>|https?://\S*", " ", body))
    return {form for form, said in _SPEAKS.items() if said.search(words)}


def make_mail(kind: str, participation: Participation, **about: object) -> Mail:
    message = Message(
        kind=kind,
        about_id=participation.event.pk,
        contact=participation.contact,
        purpose=KINDS[kind].purpose,
        address="jan@example.org",
        language=participation.contact.language,
        created_at=timezone.now(),
        **about,
    )
    return KINDS[kind].render(message)


def page(purpose: str, contact: Contact, subject: str = "", query: str = "") -> str:
    token = token_of(link_for(contact=contact, purpose=purpose, subject=subject))
    response = Client().get(reverse(purpose, args=[token]) + query)
    assert response.status_code == 200
    return response.text


def answered(event: Event, contact: Contact, status: str) -> Participation:
    at = None if status == "needs-action" else timezone.now()
    return make_participation(event=event, contact=contact, status=status, answered_at=at)


@pytest.fixture
def both() -> Event:
    return make_event(text_nl=WITH_U, text_nl_je=WITH_JE)


@pytest.mark.parametrize("status", ANSWERS)
@pytest.mark.parametrize("kind", ABOUT_EVENTS)
@pytest.mark.parametrize("form", ["u", "je"])
def test_mail_about_an_event_speaks_as_its_reader_is_spoken_to(both, form, kind, status):
    mail = make_mail(kind, answered(both, make_contact(formality=form), status))
    assert forms_in(mail.text) == forms_in(mail.html) == {form}
    assert forms_in(mail.subject) <= {form}


@pytest.mark.parametrize("kind", ABOUT_EVENTS)
@pytest.mark.parametrize(("said", "text", "reader"), [("u", WITH_U, "je"), ("je", WITH_JE, "u")])
def test_mail_follows_the_only_text_there_is(said, text, reader, kind):
    event = make_event(text_nl=text, formality=said)
    mail = make_mail(kind, answered(event, make_contact(formality=reader), "accepted"))
    assert forms_in(mail.text) == forms_in(mail.html) == {said}


@pytest.mark.parametrize("status", ANSWERS)
@pytest.mark.parametrize("query", ["", "?answer=accepted", "?lang=nl", "?lang=nl-x-je"])
@pytest.mark.parametrize("form", ["u", "je"])
def test_page_of_an_invitation_speaks_as_its_text_does(both, form, query, status):
    one = answered(both, make_contact(formality=form), status)
    assert forms_in(page(ANSWER, one.contact, str(one.pk), query)) == {form}
    other = answered(make_event(text_nl=WITH_U), make_contact(formality="je"), status)
    assert forms_in(page(ANSWER, other.contact, str(other.pk), query)) == {"u"}


@pytest.mark.parametrize("form", ["u", "je"])
def test_full_event_says_so_in_the_form_of_its_reader(both, form):
    answered(both, make_contact(), "accepted")
    Event.objects.update(capacity=1)
    one = answered(both, make_contact(formality=form), "needs-action")
    for query in ("", "?answer=accepted"):
        assert forms_in(page(ANSWER, one.contact, str(one.pk), query)) == {form}
    token = token_of(link_for(contact=one.contact, purpose=ANSWER, subject=str(one.pk)))
    refused = Client().post(reverse("answer", args=[token]), {"answer": "accepted"})
    assert forms_in(refused.text) == {form}


@pytest.mark.parametrize("form", ["u", "je"])
def test_pages_about_preferences_speak_as_their_reader_is_spoken_to(form):
    contact = make_contact(formality=form)
    assert forms_in(page(PREFERENCES, contact)) == {form}
    assert forms_in(page(UNSUBSCRIBE, contact, "newsletter")) <= {form}
    token = token_of(link_for(contact=contact, purpose=UNSUBSCRIBE, subject="invitation"))
    path = reverse("unsubscribe", args=[token])
    assert forms_in(Client().get(path).text) == {form}
    assert forms_in(Client().post(path).text) == {form}


def test_mail_leads_to_pages_that_speak_as_it_does():
    event = make_event(text_nl=WITH_U)
    contact = make_contact(formality="je")
    mail = make_mail("reminder", make_participation(event=event, contact=contact))
    (query,) = set(re.findall(r"/preview/?(\?lang=\S+)", mail.text))
    assert forms_in(page(PREFERENCES, contact, query=query)) == {"u"}
    english = page(PREFERENCES, contact, query="?lang=en")
    assert "?lang=nl-x-je" in english


def test_english_has_one_form(both):
    contact = make_contact(language="en", formality="je")
    mail = make_mail("invitation", make_participation(event=both, contact=contact))
    assert mail.text.startswith("Dear Jan,")
    assert "We talk about talent." in mail.text
    assert "?lang" not in mail.text


def test_both_forms_are_made_from_their_own_stencil_and_kept_as_their_own_edition(both):
    for form in ("u", "je", "u", "je"):
        make_contact(formality=form)
    messages = invite_everybody(both)
    letters = INVITATION.letters(messages)
    for letter in letters:
        assert decoded(made(letter)) == decoded(
            build(letter.message, INVITATION.compose(letter, letter.fields))
        )
    assert len({letter.variant for letter in letters}) == 2
    assert len(set(kept(letters).values())) == 2
    editions = messages[0].mailing.editions.all()
    assert sorted(next(iter(forms_in(one.text))) for one in editions) == ["je", "u"]


def test_draft_warns_of_words_in_the_other_form():
    event = make_event(text_nl="Uw ervaring telt, en je mening ook.", text_nl_je="Wat vindt u?")
    make_contact()
    mailing = draft_invitation(event)
    said = [re.findall(r"“(\w+)”", words) for words in INVITATION.warnings(mailing)]
    assert said == [["u", "je"], ["je", "u"]]


def test_second_text_stands_beside_one_that_says_u_only():
    with pytest.raises(ValidationError) as error:
        Event(text_nl=WITH_JE, text_nl_je=WITH_JE, formality="je").clean()
    assert list(error.value.message_dict) == ["text_nl_je"]
    with pytest.raises(IntegrityError):
        make_event(text_nl=WITH_JE, text_nl_je=WITH_JE, formality="je")


def composed_mail(mailing: Mailing, contact: Contact) -> Mail:
    purpose = KINDS[mailing.kind].purpose
    message = Message(
        kind=mailing.kind, about_id=mailing.pk, contact=contact, purpose=purpose, language=contact.language
    )
    return KINDS[mailing.kind].render(message)


def wording(formality: str, *blocks: Block, kind: str = "newsletter", with_je: str = "") -> Mailing:
    mailing = write(kind, *blocks)
    Composition.objects.update(formality=formality, subject_nl_je=with_je)
    return mailing


@pytest.mark.parametrize("reader", ["u", "je"])
@pytest.mark.parametrize(("said", "text"), [("u", WITH_U), ("je", WITH_JE)])
@pytest.mark.parametrize("kind", COMPOSED)
def test_composed_mail_follows_the_only_words_there_are(kind, said, text, reader):
    mailing = wording(said, Block(kind="text", text_nl=text), kind=kind)
    mail = composed_mail(mailing, make_contact(formality=reader))
    assert forms_in(mail.text) == forms_in(mail.html) == {said}
    assert ("?lang=" in mail.text) == (reader != said)


@pytest.mark.parametrize("reader", ["u", "je"])
@pytest.mark.parametrize("kind", COMPOSED)
@pytest.mark.parametrize("block", ["heading", "text", "button", "list"])
def test_composed_mail_speaks_as_its_reader_is_spoken_to_where_both_were_written(block, kind, reader):
    url = "https://example.org/" if block == "button" else ""
    said = Block(kind=block, text_nl=WITH_U, text_nl_je=WITH_JE, url=url)
    mailing = wording("u", said, Block(kind="text", text_nl="Voor allen."), kind=kind, with_je="Voor jou")
    mail = composed_mail(mailing, make_contact(formality=reader))
    assert forms_in(mail.text) == forms_in(mail.html) == {reader}
    assert mail.subject == ("Voor jou" if reader == "je" else "Nieuws van de campus")
    assert "Voor allen." in mail.text


def test_composition_warns_of_words_in_the_other_form_and_of_what_is_not_said_with_je():
    half = Block(kind="text", text_nl=WITH_U), Block(kind="text", text_nl="Denkt u en je?", text_nl_je="Uw?")
    mailing = wording("u", *half)
    assert [
        re.findall(r"Blok (\d).*?: (?:“(\w+)”)?", words)[0] for words in KINDS["newsletter"].warnings(mailing)
    ] == [
        ("1", ""),
        ("2", "je"),
        ("2", "uw"),
    ]
    assert KINDS["newsletter"].warnings(wording("u", Block(kind="text", text_nl=WITH_U))) == []
    assert len(KINDS["newsletter"].warnings(wording("je", Block(kind="text", text_nl=WITH_U)))) == 1


def test_words_with_je_are_written_beside_words_with_u_only(client):
    mailing = wording("u", Block(kind="text", text_nl=WITH_U))
    client.force_login(make_user())
    path = reverse("composition_edit", args=[mailing.pk])
    typed = {**fields_of(client.get(path)), "blocks-0-text_nl_je": WITH_JE, "subject_nl_je": "Voor jou"}
    refused = client.post(path, {**typed, "formality": "je", "subject_nl_je": ""})
    assert "text_nl_je" in refused.context["forms"].blocks.errors[0]
    assert "subject_nl_je" in client.post(path, {**typed, "formality": "je"}).context["forms"].head.errors
    assert client.post(path, typed).status_code == 302
    stored = Composition.objects.get()
    assert (stored.formality, stored.subject_nl_je) == ("u", "Voor jou")
    assert stored.blocks.get().text_nl_je == WITH_JE
    copied = copy(composition=stored, by=make_user())
    assert (copied.subject_nl_je, copied.blocks.get().text_nl_je) == ("Voor jou", WITH_JE)


@pytest.mark.parametrize("reader", ["u", "je"])
def test_words_that_are_being_written_are_shown_in_the_form_of_the_reader(client, reader):
    mailing = write("newsletter", Block(kind="text", text_nl="x"))
    put_in(mailing, make_contact(formality=reader))
    client.force_login(make_user())
    typed = fields_of(client.get(reverse("composition_edit", args=[mailing.pk])))
    typed |= {"blocks-0-text_nl": WITH_U, "blocks-0-text_nl_je": WITH_JE}
    shown = client.post(reverse("composition_proof", args=[mailing.pk]), typed)
    assert forms_in(shown.text) == {reader}
