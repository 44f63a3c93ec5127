"""Looking for what is known twice, judging it on the screen, and merging what is beyond doubt."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.duplicates.models import DuplicatePair, Merge
from crm.duplicates.proposals import look, look_if_changed
from crm.organisations.models import Organisation
from tasks.duplicates import look as look_task
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db
LIST = "/duplicates/"


@pytest.fixture
def adviser(client):
    cache.clear()
    client.force_login(make_user(Role.COMMUNICATIONS))
    return client


def twice() -> tuple[Contact, Contact]:
    """The same person with the same address, among others who are not."""
    for name in ("Jansen", "Bakker", "Visser", "Smit", "Meijer", "Mulder"):
        make_contact(family_name=name, given_name="Piet", infix="")
    known: dict[str, Any] = {"given_name": "Özgür", "family_name": "Yıldız", "infix": "", "initials": "Ö."}
    return make_contact(email="ozgur@example.org", **known), make_contact(email="ozgur@example.org", **known)


def test_look_proposes_and_keeps_what_was_judged():
    one, other = twice()
    look()
    pair = DuplicatePair.objects.get()
    assert (pair.noun, pair.a, pair.b, pair.automatic) == ("contact", one.pk, other.pk, True)
    assert pair.reasons == ["same_family", "same_given", "same_email"]
    DuplicatePair.objects.update(state="different")
    look()
    assert DuplicatePair.objects.get().state == "different"


def test_look_only_when_something_changed():
    cache.clear()
    twice()
    assert look_if_changed() is True
    assert look_if_changed() is False
    Contact.objects.first().save()
    look_task()
    assert look_if_changed() is False


def test_list_shows_both_with_reasons_and_leads_to_the_comparison(adviser, django_assert_max_num_queries):
    one, other = twice()
    look()
    with django_assert_max_num_queries(30):
        page = adviser.get(LIST).content.decode()
    assert "1 pair to judge" in page
    assert "the same e-mail address" in page
    assert reverse("contact_merge", args=[one.pk, other.pk]) in page
    assert "This one is probably known twice." in adviser.get(one.get_absolute_url()).content.decode()


def test_not_the_same_and_back(adviser):
    twice()
    look()
    address = reverse("duplicate_judge", args=[DuplicatePair.objects.get().pk])
    adviser.post(address, {"state": "different"})
    assert "Nothing seems to be known twice" in adviser.get(LIST).content.decode()
    assert "Propose again" in adviser.get(LIST + "?state=different").content.decode()
    adviser.post(address, {"state": "open"})
    assert "1 pair to judge" in adviser.get(LIST).content.decode()
    assert adviser.post(address, {"state": "x"}).status_code == 404


def test_merge_on_the_screen_and_undo(adviser):
    one, other = twice()
    Contact.objects.filter(pk=other.pk).update(given_name="Ozgur", titles_after="MSc")
    address = reverse("contact_merge", args=[one.pk, other.pk])
    page = adviser.get(address).content.decode()
    assert 'name="given_name" value="kept" checked' in page
    assert 'name="titles_after" value="gone" checked' in page
    chosen = {"given_name": "gone", "titles_after": "gone"}
    assert "What belongs to" in adviser.post(address, chosen).content.decode()
    assert not Merge.objects.exists()
    answer = adviser.post(address, {**chosen, "confirmed": "yes"}, follow=True)
    assert "is one now" in answer.content.decode()
    one.refresh_from_db()
    assert (one.given_name, one.titles_after) == ("Ozgur", "MSc")
    merged = Merge.objects.get()
    assert "Undo this merge" in adviser.get(merged.get_absolute_url()).content.decode()
    page = adviser.post(reverse("merge_undo", args=[merged.pk]), follow=True).content.decode()
    assert "Everything is as it was before the merge" in page
    assert "already" in adviser.post(reverse("merge_undo", args=[merged.pk]), follow=True).content.decode()


def test_certain_ones_are_merged_at_once(adviser):
    twice()
    look()
    assert "1 pair becomes one" in adviser.post(reverse("duplicate_merge_certain")).content.decode()
    adviser.post(reverse("duplicate_merge_certain"), {"noun": "contact", "confirmed": "1"})
    assert Merge.objects.count() == 1
    assert not DuplicatePair.objects.exists()
    adviser.post(reverse("duplicate_merge_certain"), {"noun": "contact"})
    assert Merge.objects.count() == 1


def test_organisations_are_proposed_and_merged(adviser):
    for name in ("Saxion", "Lumen", "Demcon", "Novel-T", "Roessingh"):
        make_organisation(name)
    one, other = make_organisation("Universiteit Twente"), make_organisation("Universiteit Twent")
    Organisation.objects.filter(pk__in=[one.pk, other.pk]).update(city="Enschede")
    look()
    assert DuplicatePair.objects.get(noun="organisation").a == one.pk
    assert adviser.get(LIST + "?noun=organisation").status_code == 200
    address = reverse("organisation_merge", args=[one.pk, other.pk])
    assert adviser.get(address).status_code == 200
    assert adviser.post(address, {"confirmed": "yes"})["Location"] == one.get_absolute_url()


def test_other_one_is_found_by_name(adviser):
    one, other = make_contact(), make_contact(family_name="Bergh")
    address = reverse("contact_merge_with", args=[one.pk])
    assert "Nothing found" in adviser.post(address, {"find": "zzz"}).content.decode()
    page = adviser.post(address, {"find": "bergh"}).content.decode()
    assert reverse("contact_merge", args=[one.pk, other.pk]) in page
    assert adviser.post(address, {"find": "\0"}).status_code == 200


def test_compare_with_itself_is_not_found(adviser):
    one = make_contact()
    assert adviser.get(reverse("contact_merge", args=[one.pk, one.pk])).status_code == 404


def test_look_anew_rings_and_forgets_when_it_was(adviser):
    look_if_changed()
    adviser.post(reverse("duplicate_look"))
    assert look_if_changed() is True
