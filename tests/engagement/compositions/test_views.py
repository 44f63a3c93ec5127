"""The pages on which a mailing is written, as a browser without JavaScript uses them."""

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from engagement.compositions.models import MOST_BLOCKS, Block, Composition
from engagement.mailings.models import Mailing, Message
from engagement.mailings.services import stop
from tests.engagement.compositions.test_mails import HOSTILE, wants
from tests.factories import bring_to, make_contact, make_event, make_user, put_in, queued, write
from tests.harness.forms import fields_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(make_user())
    return client


@pytest.fixture
def mailing() -> Mailing:
    return write()


def page_of(mailing: Mailing, name: str = "composition_edit") -> str:
    return reverse(name, args=[mailing.pk])


def typed(writer: Client, mailing: Mailing, **changes: str) -> dict[str, Any]:
    """What a browser would send of the page, with `changes` typed into it."""
    return {**fields_of(writer.get(page_of(mailing))), **changes}


def kinds_in(response: Any) -> list[str]:
    fields = fields_of(response)
    return [fields[f"blocks-{n}-kind"] for n in range(int(fields["blocks-TOTAL_FORMS"]))]


def words(response: Any) -> str:
    return unescape(response.content.decode())


def test_new_mailing_begins_with_its_kind_and_goes_on_to_the_text(writer):
    response = writer.post(reverse("composition_new"), {"kind": "feedback", "title": "Juni"})
    mailing = Mailing.objects.get()
    assert response["Location"] == page_of(mailing)
    assert (mailing.kind, mailing.title, mailing.state, mailing.about_id) == (
        "feedback",
        "Juni",
        "draft",
        mailing.pk,
    )
    assert kinds_in(writer.get(page_of(mailing))) == []


@pytest.mark.parametrize(
    "data", [{}, {"kind": "invitation", "title": "x"}, {"kind": "newsletter", "title": ""}]
)
def test_new_mailing_of_no_kind_or_name_is_refused(writer, data):
    assert writer.post(reverse("composition_new"), data).status_code == 200
    assert Mailing.objects.count() == 0


def test_page_shows_the_words_and_saving_changes_them(writer, mailing):
    data = typed(writer, mailing, **{"blocks-1-text_nl": "Nieuw", "subject_en": "Other"})
    assert kinds_in(writer.get(page_of(mailing))) == ["heading", "text", "button", "list"]
    assert writer.post(page_of(mailing), data)["Location"] == mailing.get_absolute_url()
    composition = Composition.objects.get()
    assert (composition.subject_nl, composition.subject_en) == ("Nieuws van de campus", "Other")
    assert [block.text_nl for block in composition.blocks.all()] == [
        *("Een nieuw lab", "Nieuw", "Lees verder", "een\ntwee"),
    ]


@pytest.mark.parametrize(
    ("button", "value", "order"),
    [
        ("up", "1", ["text", "heading", "button", "list"]),
        ("down", "1", ["heading", "button", "text", "list"]),
        ("up", "0", ["heading", "text", "button", "list"]),
        ("down", "3", ["heading", "text", "button", "list"]),
        ("remove", "2", ["heading", "text", "list"]),
        ("add", "list", ["heading", "text", "button", "list", "list"]),
        ("add", "event", ["heading", "text", "button", "list", "event"]),
    ],
)
def test_buttons_that_move_blocks_keep_what_was_typed_and_save_nothing(writer, mailing, button, value, order):
    data = typed(writer, mailing, **{"blocks-1-text_nl": HOSTILE, "subject_nl": "Getypt", button: value})
    response = writer.post(page_of(mailing), data)
    assert kinds_in(response) == order
    fields = fields_of(response)
    assert fields[f"blocks-{order.index('text')}-text_nl"] == HOSTILE
    assert fields["subject_nl"] == "Getypt"
    assert "errorlist" not in words(response)
    assert [block.kind for block in Composition.objects.get().blocks.all()] == [
        "heading",
        "text",
        "button",
        "list",
    ]
    assert Composition.objects.get().subject_nl == "Nieuws van de campus"


def test_cursor_goes_to_the_block_that_was_moved(writer, mailing):
    response = writer.post(page_of(mailing), typed(writer, mailing, down="0"))
    before, _autofocus, _after = words(response).partition("autofocus")
    assert before.rpartition("name=")[2].startswith('"blocks-1-text_nl"')


def test_all_blocks_can_go(writer):
    mailing = write("newsletter", Block(kind="text", text_nl="x"))
    response = writer.post(page_of(mailing), typed(writer, mailing, remove="0"))
    assert kinds_in(response) == []
    writer.post(page_of(mailing), fields_of(response))
    assert Block.objects.count() == 0


def test_there_are_not_more_than_a_mail_can_hold(writer):
    mailing = write("newsletter", *[Block(kind="heading", text_nl=str(n)) for n in range(MOST_BLOCKS)])
    response = writer.post(page_of(mailing), typed(writer, mailing, add="text"))
    assert len(kinds_in(response)) == MOST_BLOCKS


@pytest.mark.parametrize("value", ["-1", "99", "x", "", "9" * 30, "²"])
@pytest.mark.parametrize("button", ["up", "down", "remove", "add"])
def test_button_with_a_strange_value_does_no_harm(writer, mailing, button, value):
    data = typed(writer, mailing, **{button: value})
    assert writer.post(page_of(mailing), data).status_code in (200, 302)
    assert Block.objects.count() == 4


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("blocks-2-url", "", "This field is required."),
        (
            "blocks-2-url",
            "www.example.org",
            "“www.example.org” must begin with https://, http:// or mailto:.",
        ),
        (
            "blocks-2-url",
            "javascript:alert(1)",
            "“javascript:alert(1)” is of a kind that mail programs do not open.",
        ),
        ("blocks-2-url", "https://exa mple.org", "“https://exa mple.org” is not an address."),
        ("blocks-2-url", "http://[::1", "“http://[::1” is not an address."),
        ("blocks-1-text_nl", "[a](https://a b)", "A link is not written well: [words](https://…)."),
        ("blocks-3-text_en", "[a](ftp://a.nl)", "“ftp://a.nl” is of a kind that mail programs do not open."),
        ("blocks-1-text_nl", "x" * 5001, "Ensure this value has at most 5000 characters (it has 5001)."),
        ("subject_nl", "x" * 151, "Ensure this value has at most 150 characters (it has 151)."),
    ],
)
def test_mistake_is_said_beside_the_field_and_nothing_is_saved(writer, mailing, field, value, said):
    response = writer.post(
        page_of(mailing), typed(writer, mailing, **{field: value, "blocks-0-text_nl": "Getypt"})
    )
    assert response.status_code == 200
    text = words(response)
    assert said in text[text.index(f'name="{field}"') :].partition("</div>")[0]
    assert fields_of(response)["blocks-0-text_nl"] == "Getypt"
    assert Block.objects.filter(text_nl="Getypt").count() == 0


@pytest.mark.parametrize("initial", ["0", "40", "x", ""])
def test_count_of_blocks_that_a_browser_would_not_send_loses_no_block(writer, mailing, initial):
    writer.post(page_of(mailing), typed(writer, mailing, **{"blocks-INITIAL_FORMS": initial}))
    kinds = [block.kind for block in Composition.objects.get().blocks.all()]
    assert kinds == ["heading", "text", "button", "list"]


def test_block_of_no_kind_is_refused(writer, mailing):
    response = writer.post(page_of(mailing), typed(writer, mailing, **{"blocks-1-kind": "image"}))
    assert (response.status_code, Block.objects.count()) == (200, 4)


def test_card_offers_events_to_come_and_the_one_that_was_chosen(writer):
    past, coming = make_event(in_days=-5, title_en="Past"), make_event(title_en="Coming")
    make_event(in_days=-9, title_en="Long past")
    mailing = write("newsletter", Block(kind="event", event=past))
    text = words(writer.get(page_of(mailing)))
    assert ("Past (" in text, "Coming (" in text, "Long past" in text) == (True, True, False)
    assert str(coming.local_start.year) in text
    writer.post(page_of(mailing), typed(writer, mailing, **{"blocks-0-event": str(coming.pk)}))
    assert Block.objects.get().event == coming
    refused = writer.post(page_of(mailing), typed(writer, mailing, **{"blocks-0-event": "9" * 30}))
    assert refused.status_code == 200


def test_second_of_two_is_told_which_block_changed(writer, mailing):
    other = Client()
    other.force_login(make_user())
    mine, theirs = typed(writer, mailing), typed(other, mailing)
    assert writer.post(page_of(mailing), {**mine, "blocks-1-text_nl": "Eerste"}).status_code == 302
    response = other.post(page_of(mailing), {**theirs, "blocks-1-text_nl": "Tweede"})
    assert "Somebody changed this while you were typing. block 2: “text | Het **staat** er." in words(
        response
    )
    assert fields_of(response)["blocks-1-text_nl"] == "Tweede"
    assert other.post(page_of(mailing), fields_of(response)).status_code == 302
    assert Block.objects.get(position=2).text_nl == "Tweede"


def test_second_of_two_is_told_of_a_block_that_came_or_went(writer, mailing):
    for change in ({"add": "heading"}, {"remove": "0"}):
        theirs = typed(writer, mailing)
        writer.post(
            page_of(mailing), fields_of(writer.post(page_of(mailing), typed(writer, mailing, **change)))
        )
        assert "Somebody changed this" in words(writer.post(page_of(mailing), theirs))


def test_page_says_how_many_have_the_earlier_text(writer, mailing):
    put_in(mailing, *[wants(make_contact()) for _ in range(3)])
    first = queued(mailing)[0]
    bring_to("sent", Message.objects.filter(pk=first.pk))
    assert "1 person has the text as it was already." in words(writer.get(page_of(mailing)))
    assert writer.post(page_of(mailing), typed(writer, mailing, subject_nl="Anders")).status_code == 302
    assert Composition.objects.get().subject_nl == "Anders"


def test_what_is_being_sent_is_not_saved_with_words_that_cannot_go_out(writer, mailing):
    put_in(mailing, wants(make_contact()))
    queued(mailing)
    response = writer.post(page_of(mailing), typed(writer, mailing, subject_nl=""))
    assert "There is no subject in Dutch." in words(response)
    assert Composition.objects.get().subject_nl == "Nieuws van de campus"


def test_stopped_mailing_sends_its_writer_back(writer, mailing):
    put_in(mailing, wants(make_contact()))
    data = typed(writer, mailing)
    queued(mailing)
    stop(mailing=mailing)
    for response in (writer.get(page_of(mailing)), writer.post(page_of(mailing), data)):
        assert response["Location"] == mailing.get_absolute_url()
        assert [str(one) for one in get_messages(response.wsgi_request)][-1].startswith("Nobody would get")


def test_invitation_has_no_text_page(writer):
    mailing = Mailing.objects.create(kind="invitation", about_id=1, title="x")
    assert writer.get(page_of(mailing)).status_code == 404


def proof(writer: Client, mailing: Mailing, **changes: str) -> Any:
    return writer.post(page_of(mailing, "composition_proof"), typed(writer, mailing, **changes))


def test_proof_shows_what_is_typed_and_stores_nothing(writer, mailing):
    response = proof(writer, mailing, **{"blocks-1-text_nl": "Net *getypt*", "proof_language": "nl"})
    assert "Net <em>getypt</em>" in words(response)
    assert "Beste lezer," in words(response)
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert Block.objects.get(position=2).text_nl == "Het **staat** er."


def test_proof_speaks_the_language_and_to_the_reader_that_were_chosen(writer, mailing):
    event = make_event()
    put_in(mailing, wants(make_contact(family_name="Bosch", infix="")))
    reader = str(mailing.recipients.get().pk)
    response = proof(writer, mailing, proof_language="en", proof_reader=reader, add="")
    assert "Dear Mr Bosch," in words(response)
    assert "A new lab" in words(response)
    data = {**typed(writer, mailing), "blocks-1-kind": "event", "blocks-1-event": str(event.pk)}
    card = writer.post(page_of(mailing, "composition_proof"), {**data, "proof_language": "nl"})
    assert "Expertsessie talent" in words(card)


def test_proof_of_half_of_it_shows_that_half(writer, mailing):
    half = {"blocks-0-text_nl": "", "blocks-2-url": "javascript:x", "subject_nl": ""}
    response = proof(writer, mailing, proof_language="nl", **half)
    text = words(response)
    assert "Het <strong>staat</strong> er." in text
    assert ("Een nieuw lab" in text, "javascript:" in text) == (False, False)


@pytest.mark.parametrize(
    "data", [{}, {"blocks-TOTAL_FORMS": "x"}, {"blocks-TOTAL_FORMS": "3", "blocks-1-kind": "?"}]
)
def test_proof_of_nothing_says_so(writer, mailing, data):
    response = writer.post(page_of(mailing, "composition_proof"), data)
    assert words(response) == "It is not written in Dutch."
    assert response["Content-Type"].startswith("text/plain")


def test_naughty_strings_are_kept_or_refused_but_never_break(writer, mailing, corpora: Path):
    texts = json.loads(next((corpora / "naughty-strings").glob("*.json")).read_text())[::15]
    page, statuses = typed(writer, mailing), set()
    for text in [*texts, "a\x00b", "x" * 6000]:
        data = {**page, "stamp": "", "subject_nl": text, "blocks-1-text_nl": text, "blocks-2-url": text}
        for name in ("blocks-3-text_en", "proof_reader"):
            data[name] = text
        for address in (page_of(mailing), page_of(mailing, "composition_proof")):
            statuses.add(writer.post(address, data).status_code)
        statuses.add(writer.post(page_of(mailing), {**data, "up": "1"}).status_code)
    assert statuses <= {200, 302}
    assert writer.get(page_of(mailing)).status_code == 200
