"""Writing and changing a mailing: when that may be, what is wrong with it, and what the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engagement.compositions.checks import languages_read, problems, warnings
from engagement.compositions.models import Block, Composition
from engagement.compositions.services import NothingToChange, already_out, copy, may_change, save, start
from engagement.events.services import cancel_event
from engagement.mailings.models import Mailing, Message
from engagement.mailings.services import MailingNotReady, pause, problems_of, stop
from tests.engagement.compositions.test_mails import wants
from tests.factories import bring_to, make_contact, make_event, make_user, put_in, queued, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing() -> Mailing:
    return write()


def test_composed_mailing_is_about_itself():
    mailing = start(kind="newsletter", title="Juni", by=make_user()).mailing
    mailing.refresh_from_db()
    assert (mailing.about_id, mailing.state, mailing.title) == (mailing.pk, "draft", "Juni")


def test_copy_has_the_words_and_nobody_to_get_them(mailing):
    put_in(mailing, make_contact())
    other = copy(composition=mailing.composition, by=make_user()).mailing
    other.refresh_from_db()
    words = ("position", "kind", "text_nl", "text_en", "url", "event")
    assert (other.kind, other.state, other.about_id) == (mailing.kind, "draft", other.pk)
    assert other.composition.subject_nl == mailing.composition.subject_nl
    assert list(other.composition.blocks.values(*words)) == list(mailing.composition.blocks.values(*words))
    assert (other.recipients.count(), mailing.recipients.count()) == (0, 1)


def test_saving_replaces_the_blocks_in_their_order(mailing):
    before = mailing.composition.updated_at
    blocks = [Block(kind="text", text_nl="een"), Block(kind="heading", text_nl="twee")]
    save(composition=mailing.composition, blocks=blocks)
    composition = Composition.objects.get()
    assert list(composition.blocks.values_list("position", "kind", "text_nl")) == [
        (1, "text", "een"),
        (2, "heading", "twee"),
    ]
    assert composition.updated_at > before


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "button", "text_nl": "Lees"},
        {"kind": "text", "url": "https://example.org"},
        {"kind": "event"},
        {"kind": ""},
        {"kind": "image", "text_nl": "x"},
        {"kind": "text", "event": True},
        {"kind": "event", "event": True, "text_nl": "x"},
    ],
)
def test_database_refuses_a_block_of_half_a_kind(mailing, fields):
    if "event" in fields:
        fields = {**fields, "event": make_event()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(composition=mailing.composition, position=20, **fields)


def test_two_blocks_do_not_stand_in_one_place(mailing):
    with pytest.raises(IntegrityError), transaction.atomic():
        Block.objects.create(composition=mailing.composition, position=1, kind="text")


def test_words_may_change_until_everybody_has_them(mailing):
    put_in(mailing, wants(make_contact()), wants(make_contact()))
    assert may_change(mailing)
    first, second = queued(mailing)
    mailing.refresh_from_db()
    assert (may_change(mailing), already_out(mailing)) == (True, 0)
    bring_to("sent", Message.objects.filter(pk=first.pk))
    pause(mailing=mailing)
    mailing.refresh_from_db()
    assert (may_change(mailing), already_out(mailing)) == (True, 1)
    bring_to("sent", Message.objects.filter(pk=second.pk))
    assert (may_change(mailing), already_out(mailing)) == (False, 2)
    with pytest.raises(NothingToChange):
        save(composition=mailing.composition, blocks=[Block(kind="text", text_nl="te laat")])


def test_stopped_mailing_is_not_changed(mailing):
    put_in(mailing, wants(make_contact()))
    queued(mailing)
    stop(mailing=mailing)
    with pytest.raises(NothingToChange):
        save(composition=mailing.composition, blocks=[])
    assert Block.objects.count() == 4


def test_planned_mailing_may_change(mailing):
    Mailing.objects.update(state="scheduled", scheduled_for=timezone.now() + timedelta(days=1))
    save(composition=mailing.composition, blocks=[])
    assert Block.objects.count() == 0


def test_what_is_on_its_way_keeps_words_that_can_go_out(mailing):
    put_in(mailing, wants(make_contact(language="en")))
    queued(mailing)
    with pytest.raises(MailingNotReady) as refused:
        save(composition=mailing.composition, blocks=[Block(kind="text", text_nl="alleen Nederlands")])
    assert refused.value.problems == ["Blok 1 (tekst): er is geen tekst in het Engels."]
    assert Block.objects.count() == 4


def test_good_mailing_has_no_problems(mailing):
    put_in(mailing, wants(make_contact()), wants(make_contact(language="en")))
    assert (problems_of(mailing), warnings(mailing)) == ([], [])


def test_only_languages_that_somebody_reads_are_asked_for():
    mailing = write("newsletter", Block(kind="text", text_nl="Tekst"), subject_en="")
    put_in(mailing, wants(make_contact()))
    assert (languages_read(mailing), problems(mailing)) == (["nl"], [])
    put_in(mailing, wants(make_contact(language="en")))
    assert problems(mailing) == [
        "Er is geen onderwerp in het Engels.",
        "Blok 1 (tekst): er is geen tekst in het Engels.",
    ]


def test_mailing_without_text_or_blocks_is_not_ready():
    empty = start(kind="newsletter", title="x", by=make_user()).mailing
    put_in(empty, wants(make_contact()))
    assert problems(empty) == ["Er is nog geen blok.", "Er is geen onderwerp in het Nederlands."]
    Composition.objects.all().delete()
    assert problems(Mailing.objects.get()) == ["Er is nog geen tekst."]


def test_empty_block_is_named():
    mailing = write("newsletter", Block(kind="text", text_nl="x"), Block(kind="heading", text_en="  "))
    assert problems(mailing) == ["Blok 2 (kop): is leeg. Schrijf er iets in of haal het weg."]


def test_event_that_is_past_or_cancelled_is_named():
    event = make_event()
    past = make_event(starts_at=timezone.now() - timedelta(minutes=1), title_nl="Gisteren")
    mailing = write("newsletter", Block(kind="event", event=event), Block(kind="event", event=past))
    cancel_event(event=event)
    assert problems(mailing) == [
        "Blok 1 (evenement): “Expertsessie talent” is afgelast.",
        "Blok 2 (evenement): “Gisteren” is al begonnen.",
    ]


def test_event_without_a_title_in_a_language_that_is_read_is_named():
    mailing = write("newsletter", Block(kind="event", event=make_event(title_en="", text_en="")))
    put_in(mailing, wants(make_contact()))
    assert problems(mailing) == []
    put_in(mailing, wants(make_contact(language="en")))
    assert problems(mailing) == ["Blok 1 (evenement): het evenement heeft geen titel in het Engels."]


def test_event_is_no_problem_until_it_starts():
    event = make_event(in_days=0.01)
    assert problems(write("newsletter", Block(kind="event", event=event))) == []


def test_links_that_nobody_can_follow_are_named():
    text = "[a](www.example.org) [b](javascript:x) [c](https://) [d](https://ex ample.org) [e](mailto:jan)"
    assert problems(write("newsletter", Block(kind="list", text_nl=text))) == [
        "Blok 1 (lijst): Een link is niet goed geschreven: [woorden](https://…).",
        "Blok 1 (lijst): “www.example.org” moet beginnen met https://, http:// of mailto:.",
        "Blok 1 (lijst): “javascript:x” is van een soort die mailprogramma's niet openen.",
        "Blok 1 (lijst): “https://” is geen adres.",
        "Blok 1 (lijst): “mailto:jan” is geen adres.",
    ]
