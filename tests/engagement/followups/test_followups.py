"""What was agreed: who sees to it, what the timelines and Today say, and the mail about it."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import Role
from crm.base.parts import StillInUse
from crm.contacts.services import delete_contact
from crm.duplicates.merging import merge
from crm.timeline.models import TimelineEntry
from engagement.followups.digests import send_digests
from engagement.followups.models import Digest, FollowUp
from tests.factories import make_contact, make_follow_up, make_interview, make_organisation, make_user

pytestmark = pytest.mark.django_db
MONDAY = timezone.make_aware(datetime(2026, 11, 30, 8))


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM, language="en")


@pytest.fixture
def member(client: Client, user) -> Client:
    client.force_login(user)
    return client


def told(what) -> list[str]:
    return [entry.kind for entry in TimelineEntry.objects.about(what).order_by("pk")]


def typed(user, **changes):
    known = {"what": "Energiekaart sturen", "owner": user.pk, "due_on": "2026-12-01", "find": ""}
    return {**known, **changes}


def test_follow_up_arises_in_a_conversation_and_stands_where_it_is_looked_for(member, user):
    firm = make_organisation("Zaak", "entrepreneurs")
    person = make_contact(organisation=firm)
    interview = make_interview(person)
    path = reverse("followup_new") + f"?writeup={interview.writeup_id}&contact={person.pk}"
    form = member.get(path).context["form"]
    assert (form["contact"].value(), form["owner"].value()) == (person.pk, user.pk)
    assert form["due_on"].value() == timezone.localdate() + timedelta(days=7)
    assert member.post(path, typed(user, contact=person.pk))["Location"] == interview.get_absolute_url()
    follow_up = FollowUp.objects.get()
    assert (follow_up.contact, follow_up.organisation, follow_up.writeup) == (person, firm, interview.writeup)
    assert told(person)[-1:] == ["followup.agreed"]
    FollowUp.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    notes = reverse("capture", args=[interview.writeup_id])
    for page in (interview.get_absolute_url(), notes, reverse("today"), reverse("followup_list")):
        text = member.get(page).content.decode()
        assert "Energiekaart sturen" in text
        assert 'class="when late"' in text


def test_organisation_without_that_person_is_told_by_itself(member, user):
    firm = make_organisation("Zaak")
    person = make_contact(organisation=make_organisation("Elders"))
    member.post(reverse("followup_new"), typed(user, organisation=firm.pk))
    member.post(reverse("followup_new"), typed(user, organisation=firm.pk, contact=person.pk))
    assert told(firm) == ["followup.agreed", "followup.agreed"]


def test_done_with_a_note_counts_once_and_can_be_taken_back(member, user):
    person = make_contact()
    follow_up = make_follow_up(contact=person)
    done = reverse("followup_done", args=[follow_up.pk])
    member.post(done, {"note": "Per mail gestuurd."})
    member.post(done, {"note": "Nog eens."})
    follow_up.refresh_from_db()
    assert (follow_up.done_by, follow_up.done_note) == (user, "Per mail gestuurd.")
    assert told(person) == ["followup.agreed", "followup.done"]
    assert "Per mail gestuurd." in member.get(person.get_absolute_url()).content.decode()
    assert "Cijfers sturen" not in member.get(reverse("followup_list")).content.decode()
    assert "Per mail gestuurd." in member.get(reverse("followup_list"), {"which": "done"}).content.decode()
    member.post(reverse("followup_reopen", args=[follow_up.pk]))
    assert told(person) == ["followup.agreed"]


@pytest.mark.parametrize(
    ("where", "goes"), [("/contacts/", "/contacts/"), ("//evil.example", None), ("", None)]
)
def test_after_done_one_is_where_one_was_but_nowhere_else(member, where, goes):
    path = reverse("followup_done", args=[make_follow_up().pk])
    assert member.post(path, {"next": where})["Location"] == (goes or reverse("followup_list"))


def test_changing_and_deleting_one_changes_what_is_told(member, user):
    first, second = make_contact(), make_contact()
    follow_up = make_follow_up(contact=first)
    path = follow_up.get_absolute_url()
    member.post(path, typed(user, contact=second.pk, what="Iets anders"))
    assert (told(first), told(second)) == ([], ["followup.agreed"])
    member.post(reverse("followup_delete", args=[follow_up.pk]), {"confirmed": "yes"})
    assert told(second) == []
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"what": ""}, "what"), ({"due_on": "ooit"}, "due_on"), ({"owner": "999999"}, "owner")],
)
def test_wrong_input_is_explained_and_stays(member, user, changes, field):
    page = member.post(reverse("followup_new"), typed(user, find="bos", **changes))
    assert list(page.context["form"].errors) == [field]
    assert "bos" in page.content.decode()


def test_person_is_found_by_typing(member, user):
    person = make_contact(family_name="Assink", infix="")
    page = member.post(reverse("followup_new"), typed(user, search="1", find="assink"))
    assert [one.data["value"] for one in page.context["form"]["contact"]][-1] == person.pk
    assert page.context["form"]["what"].value() == "Energiekaart sturen"


def test_contact_with_a_follow_up_is_not_deleted_and_takes_it_along_in_a_merge():
    kept, gone = make_contact(), make_contact()
    follow_up = make_follow_up(contact=gone)
    with pytest.raises(StillInUse):
        delete_contact(contact=gone)
    merge(kept=kept, gone=gone, by=make_user())
    follow_up.refresh_from_db()
    assert follow_up.contact == kept


def due(user) -> None:
    make_follow_up("Te laat", owner=user, due_on=MONDAY.date() - timedelta(days=3))
    make_follow_up("Straks", owner=user, due_on=MONDAY.date() + timedelta(days=30))
    done = make_follow_up("Klaar", owner=user, due_on=MONDAY.date())
    FollowUp.objects.filter(pk=done.pk).update(done_at=MONDAY, done_by=user)


def test_mail_tells_its_owner_once_a_day_what_is_due(user):
    due(user)
    make_follow_up("Van een ander", due_on=MONDAY.date() + timedelta(days=30))
    assert send_digests(MONDAY - timedelta(hours=2)) == 0
    assert (send_digests(MONDAY), send_digests(MONDAY + timedelta(hours=1))) == (1, 0)
    (sent,) = mail.outbox
    assert sent.to == [user.email]
    assert sent.subject == "1 follow-up for you"
    assert "27 November (late): Te laat" in sent.body
    assert all(word not in sent.body for word in ("Straks", "Klaar", "Van een ander"))


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [("daily", [0, 1, 2, 3, 4, 7]), ("weekly", [0, 7]), ("never", [])],
)
def test_mail_comes_in_the_rhythm_that_its_owner_chose(member, user, rhythm, days):
    due(user)
    member.post(reverse("followup_rhythm"), {"rhythm": rhythm})
    assert Digest.objects.get().rhythm == rhythm
    assert [day for day in range(8) if send_digests(MONDAY + timedelta(days=day))] == days


def test_mail_that_could_not_be_sent_is_tried_again(user, settings):
    due(user)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert send_digests(MONDAY) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_digests(MONDAY + timedelta(hours=1)) == 1
