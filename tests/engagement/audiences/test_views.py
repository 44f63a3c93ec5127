"""The page of an audience: only "save" stores, and everything works as a plain form."""

import pytest
from django.urls import reverse

from crm.accounts.roles import Role
from crm.directory.segments.models import Segment
from engagement.events.models import Participation
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing
from tests.factories import (
    draft_invitation,
    draft_of,
    make_contact,
    make_event,
    make_participation,
    make_term,
    make_user,
    plain_kind,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user(Role.COMMUNICATIONS)


@pytest.fixture
def adviser(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def notice(monkeypatch):
    kind = plain_kind("test notice", "service")
    monkeypatch.setitem(KINDS, kind.name, kind)
    return kind


def page_of(mailing):
    return reverse("mailing_audience", args=[mailing.pk])


def save(client, mailing, data):
    """What the page shows for these fields is what is saved."""
    shown = client.post(page_of(mailing), {**data, "show": "1"})
    seen = shown.context["found"].seen()
    return client.post(page_of(mailing), {**data, "save": "1", "seen": seen})


def test_counting_stores_nothing_and_saving_does(adviser, news):
    gets, seated = make_contact(), make_contact()
    term = make_term(contact=seated)
    mailing = draft_of(news)
    data = {"include-people": [gets.pk, seated.pk], "exclude-bodies": [term.seat.body_id]}
    shown = adviser.post(page_of(mailing), {**data, "show": "1"})
    assert shown.context["found"].included() == 1
    assert shown.context["found"].skipped() == [("left out", 1)]
    assert not mailing.recipients.exists()
    saved = save(adviser, mailing, data)
    assert saved["Location"] == mailing.get_absolute_url()
    assert dict(mailing.recipients.values_list("contact", "included")) == {gets.pk: True, seated.pk: False}


@pytest.mark.same_on_both
def test_what_is_saved_is_what_was_counted(adviser, news):
    first, second = make_contact(), make_contact()
    mailing = draft_of(news)
    shown = adviser.post(page_of(mailing), {"include-people": [first.pk], "show": "1"})
    typed = {"include-people": [first.pk, second.pk], "save": "1"}
    again = adviser.post(page_of(mailing), {**typed, "seen": shown.context["found"].seen()})
    assert "This is the number now." in again.text
    assert again.context["found"].included() == 2
    assert not mailing.recipients.exists()
    seen = again.context["found"].seen()
    assert adviser.post(page_of(mailing), {**typed, "seen": seen}).status_code == 302
    assert mailing.recipients.count() == 2


def test_what_was_saved_is_ticked_when_the_page_opens_again(adviser, news):
    person, event = make_contact(), make_event()
    make_participation(event=event, contact=person)
    mailing = draft_of(news)
    data = {"include-people": [person.pk], "include-participants": [f"{event.pk}:needs-action"]}
    save(adviser, mailing, data)
    page = adviser.get(page_of(mailing)).content.decode()
    for value in (str(person.pk), f"{event.pk}:needs-action"):
        assert f'value="{value}"' in page
    assert page.count(" checked") == 2


def test_search_offers_people_without_javascript_and_keeps_what_is_ticked(adviser, news):
    ticked, found = make_contact(family_name="Veld"), make_contact(family_name="Amrani", infix="")
    make_contact(family_name="Other")
    data = {"include-people": [ticked.pk], "include-find": "amrani", "search": "include-find"}
    page = adviser.post(page_of(draft_of(news)), data)
    offered = page.context["form"].include.fields["people"].queryset
    assert set(offered) == {ticked, found}


def test_choosing_an_event_offers_its_answers_with_their_number(adviser, news):
    event = make_event()
    make_participation(event=event)
    Participation.objects.update(attended=True)
    page = adviser.post(page_of(draft_of(news)), {"include-event": event.pk, "search": "include-event"})
    offered = dict(page.context["form"].include.fields["participants"].choices)
    assert offered[f"{event.pk}:attended"] == "Expert session talent: was there (1)"
    assert offered[f"{event.pk}:accepted"] == "Expert session talent: yes (0)"


def test_practical_notice_only_goes_to_participants(adviser, notice):
    person, event = make_contact(), make_event()
    make_participation(event=event, contact=person)
    mailing = draft_of(notice)
    wrong = adviser.post(page_of(mailing), {"include-people": [person.pk], "save": "1"})
    assert wrong.status_code == 200
    assert "people" in wrong.context["form"].include.errors
    assert "only goes to participants" in wrong.content.decode()
    assert not mailing.recipients.exists()
    pairs = [f"{event.pk}:needs-action"]
    save(adviser, mailing, {"include-participants": pairs})
    assert mailing.recipients.get().contact == person


def test_selection_of_somebody_else_is_not_offered_unless_it_is_in_use(adviser, user, news):
    known = {"filter": {"q": ["x"]}}
    own = Segment.objects.create(name="Own", owner=user, **known)
    hidden = Segment.objects.create(name="Hidden", owner=make_user(), **known)
    used = Segment.objects.create(name="Used", owner=make_user(), **known)
    mailing = draft_of(news, audience={"include": {"segments": [used.pk]}})
    offered = adviser.get(page_of(mailing)).context["form"].include.fields["segments"].queryset
    assert set(offered) == {own, used}
    refused = adviser.post(page_of(mailing), {"include-segments": [hidden.pk], "save": "1"})
    assert "segments" in refused.context["form"].include.errors


def test_selection_with_a_mistake_is_an_error_beside_the_field(adviser, user, news):
    make_contact()
    broken = Segment.objects.create(name="Old theme", filter={"theme": ["gone"]}, owner=user)
    mailing = draft_of(news)
    refused = adviser.post(page_of(mailing), {"include-segments": [broken.pk], "save": "1"})
    assert "Old theme" in str(refused.context["form"].include.errors["segments"])
    Mailing.objects.update(audience={"include": {"segments": [broken.pk]}})
    assert adviser.get(page_of(mailing)).context["found"] is None


def test_invitation_has_a_page_of_its_own_and_what_went_out_has_none(adviser, news):
    assert adviser.get(page_of(draft_invitation(make_event()))).status_code == 404
    mailing = draft_of(news)
    Mailing.objects.filter(pk=mailing.pk).update(state="sending")
    assert adviser.get(page_of(mailing))["Location"] == mailing.get_absolute_url()
    saved = adviser.post(page_of(mailing), {"include-people": [make_contact().pk], "save": "1"})
    assert saved["Location"] == mailing.get_absolute_url()
    assert not mailing.recipients.exists()


@pytest.mark.same_on_both
@pytest.mark.parametrize("value", ["", "x", "0", "9" * 30, "1:x", "9:accepted", "\x00", "²", "-1"])
def test_whatever_is_typed_is_answered_in_words(adviser, news, value):
    fields = ("segments", "event", "participants", "bodies", "find", "people")
    mailing = draft_of(news)
    for side in ("include", "exclude"):
        data = {f"{side}-{field}": value for field in fields}
        assert adviser.post(page_of(mailing), {**data, "save": "1"}).status_code in {200, 302}
    assert not mailing.recipients.exists()
