"""The pages behind the links in a mail."""

import re
from datetime import timedelta
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.limits import Limit
from crm.links.models import Link
from crm.links.services import link_for, token_of
from crm.preferences.links import PREFERENCES, UNSUBSCRIBE
from crm.preferences.models import ConsentRecord, Preference, Purpose
from crm.preferences.rules import may_receive
from crm.preferences.services import record_consent, suppress
from engagement.events.links import ANSWER
from engagement.events.models import Participation
from engagement.mailings.kinds import KINDS
from engagement.mailings.mime import build
from engagement.mailings.models import Mailing, Message
from engagement.public import opening
from tests.factories import bring_to, invite_everybody, make_contact, make_event, make_participation

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger() -> Client:
    """Somebody without an account whose client insists on CSRF, as a real one would."""
    return Client(enforce_csrf_checks=True)


def answer_path(participation: Participation) -> str:
    link = link_for(contact=participation.contact, purpose=ANSWER, subject=str(participation.pk))
    return reverse("answer", args=[token_of(link)])


def everything() -> list[object]:
    models = (Participation, Preference, ConsentRecord, Message, Link, Mailing)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.same_on_both
@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("query", ["", "?answer=accepted", "?answer=declined&lang=en"])
def test_looking_at_an_invitation_changes_nothing(stranger, method, query):
    path = answer_path(make_participation())
    before = everything()
    response = getattr(stranger, method)(path + query)
    assert response.status_code in {200, 405}
    assert everything() == before
    assert not response.cookies


@pytest.mark.same_on_both
@pytest.mark.parametrize("answer", ["accepted", "declined", "tentative"])
def test_post_records_the_answer(stranger, answer):
    participation = make_participation()
    response = stranger.post(answer_path(participation), {"answer": answer, "needs": "a ramp"})
    assert response.status_code == 302
    participation.refresh_from_db()
    assert (participation.status, participation.needs) == (answer, "a ramp")
    assert stranger.get(response["Location"]).status_code == 200


def test_link_in_the_mail_only_preselects(stranger):
    page = stranger.get(answer_path(make_participation()) + "?answer=tentative").content.decode()
    assert page.count(" checked") == 1
    assert 'value="tentative" checked' in page


def test_wrong_answer_is_refused_and_what_was_typed_stays(stranger):
    participation = make_participation()
    response = stranger.post(answer_path(participation), {"answer": "perhaps not", "needs": "my own words"})
    assert response.status_code == 422
    assert "my own words" in response.content.decode()
    participation.refresh_from_db()
    assert participation.status == "needs-action"


def test_full_event_says_so_and_keeps_what_was_typed(stranger):
    event = make_event(capacity=1)
    make_participation(event=event, status="accepted", answered_at=event.created_at)
    late = make_participation(event=event)
    response = stranger.post(answer_path(late), {"answer": "accepted", "needs": "my own words"})
    assert response.status_code == 409
    assert "my own words" in response.content.decode()
    late.refresh_from_db()
    assert late.status == "needs-action"


def full_event():
    """Its only place is taken; who else was invited."""
    event = make_event(capacity=1)
    make_participation(event=event, status="accepted", answered_at=event.created_at)
    return make_participation(event=event, contact=make_contact(language="en"))


def test_link_to_yes_of_a_full_event_chooses_nothing_and_says_what_can_be_done(stranger):
    page = stranger.get(answer_path(full_event()) + "?answer=accepted").text
    assert "You chose yes, but all places are taken by now." in page
    assert "Say perhaps if you would come" in page
    assert " checked" not in page
    assert stranger.get(answer_path(full_event()) + "?answer=declined").text.count(" checked") == 1


def test_place_taken_meanwhile_leaves_no_tick_on_what_cannot_be_chosen(stranger):
    page = stranger.post(answer_path(full_event()), {"answer": "accepted"})
    assert page.status_code == 409
    assert " checked" not in page.text


@pytest.mark.same_on_both
@pytest.mark.parametrize(("answer", "words"), [("accepted", "You are coming."), ("tentative", "You may be")])
def test_confirmation_is_promised_only_where_a_mail_goes(stranger, answer, words):
    reached, unreached = make_contact(language="en"), make_contact(language="en", email=None)
    for contact, promised in ((reached, True), (unreached, False)):
        participation = make_participation(contact=contact)
        path = answer_path(participation)
        assert ("appointment for your calendar" in stranger.get(path).text) == promised
        page = stranger.post(path, {"answer": answer}, follow=True).text
        assert words in page
        assert ("on its way" in page) == promised


def test_confirmation_is_not_promised_to_an_address_that_is_dead_or_suppressed_since(stranger):
    for block in (
        lambda one: suppress(address=one.email(), reason="asked"),
        lambda one: one.contact_points.update(state="bounced"),
    ):
        participation = make_participation(contact=make_contact(language="en"))
        path = answer_path(participation)
        stranger.post(path, {"answer": "accepted"})
        block(participation.contact)
        assert "on its way" not in stranger.get(path).text


@pytest.mark.same_on_both
@pytest.mark.parametrize("name", ["answer", "preferences", "unsubscribe"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "preview", "%00", "../../etc"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_token_gets_a_page_that_says_so(stranger, name, token, method):
    response = getattr(stranger, method)(reverse(name, args=["x"]).replace("/x/", f"/{token}/"))
    assert response.status_code == 404


def test_token_of_somebody_elses_participation_opens_nothing(stranger):
    mine, theirs = make_participation(), make_participation()
    link = link_for(contact=mine.contact, purpose=ANSWER, subject=str(theirs.pk))
    assert stranger.get(reverse("answer", args=[token_of(link)])).status_code == 404


def test_expired_link_says_so(stranger):
    participation = make_participation(event=make_event(in_days=-2))
    link = link_for(
        contact=participation.contact,
        purpose=ANSWER,
        subject=str(participation.pk),
        expires_at=participation.event.ends_at,
    )
    assert stranger.get(reverse("answer", args=[token_of(link)])).status_code == 410


def test_token_does_not_reach_the_log(stranger, caplog):
    path = answer_path(make_participation())
    assert stranger.post(path, {"answer": "nonsense"}).status_code == 422
    assert "/a/…/" in caplog.text
    assert path.split("/")[2] not in caplog.text


def test_public_pages_tell_nobody_where_one_came_from(stranger):
    response = stranger.get(answer_path(make_participation()))
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]


def unsubscribe_path(contact, purpose="invitation") -> str:
    link = link_for(contact=contact, purpose=UNSUBSCRIBE, subject=purpose)
    return reverse("unsubscribe", args=[token_of(link)])


def test_one_click_ends_its_purpose_only_and_does_not_redirect(stranger):
    contact = make_contact()
    body = {"List-Unsubscribe": "One-Click"}
    response = stranger.post(unsubscribe_path(contact), body)
    assert (response.status_code, response.cookies) == (200, {})
    assert may_receive(contact, "invitation") is False
    assert may_receive(contact, "reminder") is True
    assert ConsentRecord.objects.get().source == "one-click"


def header_of_a_mail(contact) -> str:
    """The address in the List-Unsubscribe header of an invitation, without the host."""
    (message,) = invite_everybody(make_event())
    mail = message_from_bytes(build(message, KINDS[message.kind].render(message)))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (url,) = re.findall(r"<(https?://[^>]+)>", str(mail["List-Unsubscribe"]))
    return urlsplit(url).path


@pytest.mark.parametrize("form", ["multipart", "urlencoded"])
def test_button_of_a_mail_program_works_with_the_address_in_the_header(stranger, form):
    """RFC 8058 section 3.1 and 3.2: either encoding, no cookie, no login, no token, no redirect."""
    contact = make_contact()
    path = header_of_a_mail(contact)
    if form == "multipart":
        response = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    else:
        body = "List-Unsubscribe=One-Click"
        response = stranger.post(path, body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.has_header("Location")) == (200, False)
    assert "Set-Cookie" not in str(response)
    assert may_receive(contact, "invitation") is False
    assert ConsentRecord.objects.get().source == "one-click"


def test_person_who_opens_the_address_gets_a_button_that_works(stranger):
    contact = make_contact()
    path = unsubscribe_path(contact)
    page = stranger.get(path).content.decode()
    assert '<form method="post"><button' in page
    assert may_receive(contact, "invitation") is True
    assert stranger.post(path).status_code == 200
    assert may_receive(contact, "invitation") is False
    assert ConsentRecord.objects.get().source == "form"


def test_unsubscribing_twice_is_unsubscribed(stranger):
    contact = make_contact()
    path = unsubscribe_path(contact)
    codes = [stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)]
    assert codes == [200, 200]
    assert Preference.objects.get().allowed is False


def test_token_of_one_purpose_ends_no_other(stranger):
    contact = make_contact()
    for purpose in Purpose.values:
        stranger.post(unsubscribe_path(contact, purpose), {"List-Unsubscribe": "One-Click"})
        said = dict(Preference.objects.values_list("purpose", "allowed"))
        assert said == {purpose: False}
        Preference.objects.all().delete()


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanner_that_opens_the_unsubscribe_link_changes_nothing(stranger, method):
    contact = make_contact()
    path = unsubscribe_path(contact)
    before = everything()
    assert getattr(stranger, method)(path).status_code == 200
    assert everything() == before


def test_preferences_are_shown_and_changed(stranger):
    contact = make_contact()
    path = reverse("preferences", args=[token_of(link_for(contact=contact, purpose=PREFERENCES))])
    page = stranger.get(path).content.decode()
    assert page.count(" checked") == 5  # everything but the newsletter
    before = everything()
    stranger.get(path)
    assert everything() == before
    stranger.post(path, {"purposes": ["newsletter", "reminder"]})
    wanted = {preference.purpose: preference.allowed for preference in Preference.objects.all()}
    assert wanted == {
        "newsletter": True,
        "invitation": False,
        "interview": False,
        "feedback": False,
        "service": False,
    }


def test_every_box_unticked_is_a_no_to_everything(stranger):
    """The form has no other field, so a browser posts an empty body."""
    contact = make_contact()
    path = reverse("preferences", args=[token_of(link_for(contact=contact, purpose=PREFERENCES))])
    response = stranger.post(path, "", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert {purpose: may_receive(contact, purpose) for purpose in Purpose} == dict.fromkeys(Purpose, False)
    said = set(ConsentRecord.objects.values_list("purpose", "allowed", "source"))
    assert said == {(purpose, False, "form") for purpose in set(Purpose.values) - {"newsletter"}}


@pytest.mark.parametrize("body", ["", "answer=", "needs=a+ramp"])
def test_no_answer_chosen_is_asked_for_again(stranger, body):
    participation = make_participation()
    path = answer_path(participation)
    assert stranger.post(path, body, content_type="application/x-www-form-urlencoded").status_code == 422
    participation.refresh_from_db()
    assert participation.status == "needs-action"


def test_page_is_in_the_readers_language_and_can_be_switched(stranger):
    path = answer_path(make_participation(contact=make_contact(language="en")))
    assert '<html lang="en"' in stranger.get(path).content.decode()
    assert '<html lang="nl"' in stranger.get(path + "?lang=nl").content.decode()


@pytest.mark.same_on_both
def test_link_that_is_used_very_often_has_to_wait_and_loses_nothing(stranger):
    participation = make_participation()
    path = answer_path(participation)
    answers = ["accepted", "declined"] * 10
    assert {stranger.post(path, {"answer": one}).status_code for one in answers} == {302}
    response = stranger.post(path, {"answer": "accepted", "needs": "my own words"})
    assert response.status_code == 429
    assert "my own words" in response.content.decode()
    participation.refresh_from_db()
    assert participation.status == "declined"
    assert stranger.post(answer_path(make_participation()), {"answer": "accepted"}).status_code == 302


def test_client_that_answers_by_many_links_has_to_wait(stranger, monkeypatch):
    monkeypatch.setattr(opening, "_BY_CLIENT", Limit("test", most=1, seconds=60))
    for address, status in (("203.0.113.7", 302), ("203.0.113.7", 429), ("203.0.113.8", 302)):
        path = answer_path(make_participation())
        assert stranger.post(path, {"answer": "accepted"}, REMOTE_ADDR=address).status_code == status


def test_preferences_that_have_to_wait_still_stand_in_the_form(stranger, monkeypatch):
    monkeypatch.setattr(opening, "_BY_LINK", Limit("test", most=0, seconds=60))
    contact = make_contact()
    path = reverse("preferences", args=[token_of(link_for(contact=contact, purpose=PREFERENCES))])
    response = stranger.post(path, {"purposes": ["newsletter"]})
    page = response.content.decode()
    assert (response.status_code, page.count(" checked"), 'role="alert"' in page) == (429, 1, True)
    assert not ConsentRecord.objects.exists()


def test_no_limit_refuses_a_one_click_no(stranger, monkeypatch):
    """Mail providers unsubscribe thousands of people from a few addresses."""
    monkeypatch.setattr(opening, "_BY_CLIENT", Limit("test", most=0, seconds=60))
    monkeypatch.setattr(opening, "_BY_LINK", Limit("test", most=2, seconds=60))
    contact = make_contact()
    link = link_for(contact=contact, purpose=UNSUBSCRIBE, subject="newsletter")
    path = reverse("unsubscribe", args=[token_of(link)])
    click = {"List-Unsubscribe": "One-Click"}
    assert {stranger.post(path, click).status_code for _ in range(4)} == {200}
    assert ConsentRecord.objects.count() == 3
    record_consent(contact=contact, purpose="newsletter", allowed=True, source="form")
    assert stranger.post(path, click).status_code == 200
    assert not may_receive(contact, "newsletter")


def test_answers_in_a_row_send_one_mail_about_the_last_a_minute_later(stranger):
    participation = make_participation()
    path = answer_path(participation)
    for answer in ("accepted", "declined", "tentative"):
        stranger.post(path, {"answer": answer})
    message = Message.objects.get(kind="confirmation")
    participation.refresh_from_db()
    assert participation.answered_at is not None
    assert (message.revision, message.due_at) == (3, participation.answered_at + timedelta(seconds=60))
    bring_to("sent", Message.objects.filter(pk=message.pk))
    stranger.post(path, {"answer": "accepted"})
    assert Message.objects.filter(kind="confirmation").count() == 2
