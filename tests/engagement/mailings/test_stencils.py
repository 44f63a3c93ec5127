"""What is poured into a stencil is what Django would make, part by part and header by header."""

from datetime import timedelta
from random import Random

import pytest
from icalendar.parser import Contentline

from crm.contacts.models import Contact
from engagement.events.mails import CANCELLATION, CONFIRMATION, INVITATION, REMINDER, UPDATE
from engagement.mailings.kinds import KINDS, Letter, Mail
from engagement.mailings.making import made
from engagement.mailings.mime import build, envelope_address
from engagement.mailings.models import Message
from engagement.mailings.stencils import Stencil, Unfit, checked_stencil, decoded, folded
from tests.factories import invite_everybody, make_contact, make_event

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]
ODD = [
    "Zoë", "O'Neil", 'Jan "de" Boer', "<script>", "Ann & Bob", "Ünï", "李小龍", "مرحبا", "🙂🙂", "a,b;c:d",
    "back\\slash", "per%cent{x}", "ʼt Hart", "é" * 90, "x" * 95, "’s-Gravenhage", "^caret^", "=?utf-8?q?no?=",
]  # fmt: skip
DOMAINS = ["example.org", "sub.example.com", "müller.example.net", "xn--mller-kva.example.org"]


def adversarial(number: int) -> list[Message]:
    """Invitations to `number` people with names and addresses that are hard to put in a mail."""
    chance = Random(5)
    for index in range(number):
        make_contact(
            email=f"p{index}.{chance.choice(['a', 'B+c', 'd_e'])}@{chance.choice(DOMAINS)}".lower(),
            given_name=chance.choice(ODD)[:100],
            family_name=chance.choice(ODD),
            infix=chance.choice(["", "van den", "'t"]),
            form_of_address=chance.choice(["heer", "mevrouw", "neutral", ""]),
            formality=chance.choice(["u", "je"]),
            language=chance.choice(["nl", "en"]),
        )
    event = make_event(title_nl="Praat mee, <nu>; “echt” 🙂", title_en="Talk & “listen”")
    return invite_everybody(event)


@pytest.mark.same_on_both
def test_adversarial_readers_get_what_django_makes():
    """Also counts how many went the long way round: those whose name a calendar cannot carry plainly."""
    kind, long_way = KINDS["invitation"], 0
    messages = list(Message.objects.filter(pk__in=[m.pk for m in adversarial(250)]).select_related("contact"))
    stencils: dict[object, Stencil | None] = {}
    for letter in kind.letters(messages):
        if letter.variant not in stencils:
            stencils[letter.variant] = checked_stencil(kind.compose, letter)
        stencil = stencils[letter.variant]
        assert stencil is not None
        whole = decoded(build(letter.message, kind.compose(letter, letter.fields)))
        try:
            assert decoded(stencil.fill(letter)) == whole
        except Unfit:
            long_way += 1
        assert decoded(made(letter)) == whole
    assert long_way == 0


def test_each_kind_about_an_event_has_a_stencil():
    make_contact()
    message = invite_everybody(make_event())[0]
    for kind in (INVITATION, REMINDER, CONFIRMATION, UPDATE, CANCELLATION):
        message.kind = kind.name
        assert checked_stencil(kind.compose, kind.letters([message])[0]) is not None, kind.name


@pytest.mark.parametrize("address", ["a@b.nl\r\nBcc: x@y.nl", "a\n@b.nl", "a b@c.nl", "<a@b.nl>"])
def test_address_that_is_more_than_an_address_is_refused(address):
    message = invite_everybody_to(address)
    letter = KINDS["invitation"].letters([message])[0]
    for attempt in (lambda: made(letter), lambda: envelope_address(address)):
        with pytest.raises(ValueError, match=r"\S"):
            attempt()


def invite_everybody_to(address: str) -> Message:
    make_contact(email="jan@example.org")
    message = invite_everybody(make_event())[0]
    message.address = address
    return message


@pytest.mark.parametrize("odd", ["two\nlines", "two\rlines", "x" * 301])
def test_field_that_does_not_fit_goes_the_long_way(odd):
    message = invite_everybody_to("jan@example.org")
    letter = KINDS["invitation"].letters([message])[0]
    stencil = checked_stencil(KINDS["invitation"].compose, letter)
    strange = Letter(
        message, variant=letter.variant, fields={**letter.fields, "name": odd}, about=letter.about
    )
    with pytest.raises(Unfit):
        stencil.fill(strange)


def test_mail_that_changes_its_fields_has_no_stencil():
    def shouting(letter: Letter, fields: object) -> Mail:
        word = letter.fields["salutation"] if fields is None else dict(fields)["salutation"]  # type: ignore[call-overload]
        return Mail(subject="x", text=word[::-1], html=f"<p>{word}</p>")

    message = invite_everybody_to("jan@example.org")
    letter = KINDS["invitation"].letters([message])[0]
    assert checked_stencil(shouting, letter) is None


def test_very_long_line_has_no_stencil_but_is_sent():
    make_contact()
    message = invite_everybody(make_event(text_nl="x" * 2000))[0]
    letter = KINDS["invitation"].letters([message])[0]
    assert checked_stencil(KINDS["invitation"].compose, letter) is None
    assert made(letter)


def test_changed_event_is_another_variant():
    make_contact()
    event = make_event()
    message = invite_everybody(event)[0]
    before = KINDS["invitation"].letters([message])[0].variant
    event.updated_at += timedelta(seconds=1)
    event.place = "Elders"
    event.save()
    assert KINDS["invitation"].letters([message])[0].variant != before


def test_letters_of_many_take_a_fixed_number_of_queries(django_assert_max_num_queries):
    for _ in range(30):
        make_contact()
    messages = invite_everybody(make_event())
    found = list(Message.objects.filter(pk__in=[m.pk for m in messages]).select_related("contact"))
    with django_assert_max_num_queries(9):
        KINDS["invitation"].letters(found)
    assert Contact.objects.count() == 30


@pytest.mark.parametrize(
    "line", ["", "A:b", "DESCRIPTION:" + "x" * 200, "SUMMARY:" + "é" * 120, "X:" + "🙂" * 60]
)
def test_lines_are_folded_as_the_calendar_library_does(line):

    assert folded(line).encode() == Contentline(line).to_ical()
