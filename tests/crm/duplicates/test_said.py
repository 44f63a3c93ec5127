"""What is said of duplicates and merges is kept as codes, and read in the language of whoever reads it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from crm.accounts.models import User
from crm.accounts.roles import Role
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.duplicates.merging import merge, undo
from crm.duplicates.models import DuplicatePair, Merge
from crm.organisations.models import OrganisationSector
from tests.factories import make_contact, make_organisation, make_user

pytestmark = pytest.mark.django_db
LEFT = {
    "en": [
        "given name: changed since to “Joop”, and left so.",
        "addresses and numbers: one was removed since.",
        "1 × functions of people: removed or moved since.",
    ],
    "nl": [
        "roepnaam: sindsdien gewijzigd in “Joop”, en zo gelaten.",
        "adressen en nummers: sindsdien is er een verwijderd.",
        "1 × functies van mensen: sindsdien verwijderd of verplaatst.",
    ],
}


def page(address: str, language: str) -> str:
    client = Client()
    client.force_login(make_user(Role.ADMIN, language=language))
    return client.get(address).content.decode()


def undone(by: User) -> Merge:
    """A merge that was undone after three edits, under the language of whoever did it."""
    kept = make_contact(email="jan@example.org")
    gone = make_contact(given_name="Johan", email="j@example.org", organisation=make_organisation())
    with override(by.language):
        merged = merge(kept=kept, gone=gone, from_gone=["given_name"], by=by)
        Contact.objects.filter(pk=kept.pk).update(given_name="Joop")
        ContactPoint.objects.filter(value="j@example.org").delete()
        Affiliation.objects.all().delete()
        return undo(merged=merged, by=by)


@pytest.mark.parametrize(("writer", "reader"), [("nl", "en"), ("en", "nl")])
def test_what_undoing_left_is_read_in_the_language_of_the_reader(writer: str, reader: str) -> None:
    merged = undone(make_user(language=writer))
    shown = page(merged.get_absolute_url(), reader)
    for words in LEFT[reader]:
        assert words in shown


@pytest.mark.parametrize(
    ("reader", "with_whom", "back"),
    [
        ("en", "merged with Johan van den Berg", "merge undone"),
        ("nl", "samengevoegd met Johan van den Berg", "samenvoeging ongedaan gemaakt"),
    ],
)
def test_history_says_why_in_the_language_of_the_reader(reader: str, with_whom: str, back: str) -> None:
    kept, gone, by = make_contact(), make_contact(given_name="Johan"), make_user(language="nl")
    with override("nl"):
        undo(merged=merge(kept=kept, gone=gone, from_gone=["given_name"], by=by), by=by)
    shown = page(reverse("contact_history", args=[kept.pk]), reader)
    assert with_whom in shown
    assert back in shown


def test_reason_of_an_older_version_is_shown_as_it_is() -> None:
    contact = make_contact()
    contact.given_name = "Piet"
    contact.save()
    Contact.history.update(history_change_reason="lijst [1].csv")
    assert "lijst [1].csv" in page(reverse("contact_history", args=[contact.pk]), "en")


@pytest.mark.parametrize(
    ("reader", "words"),
    [("en", "the same e-mail address, an old reason"), ("nl", "hetzelfde e-mailadres, an old reason")],
)
def test_reasons_of_a_pair_are_read_in_the_language_of_the_reader(reader: str, words: str) -> None:
    one, other = make_contact(), make_contact()
    reasons = ["same_email", "an old reason"]
    DuplicatePair.objects.create(noun="contact", a=one.pk, b=other.pk, score=0.9, reasons=reasons)
    assert words in page(reverse("duplicate_list"), reader)


def test_row_that_cannot_stand_beside_another_is_named_when_it_is_read() -> None:
    kept, gone = make_organisation("UT", "research"), make_organisation("Univ", "research")
    user = make_user(language="nl")
    merged = merge(kept=kept, gone=gone, by=user)
    OrganisationSector.objects.filter(organisation=kept).delete()
    removed = next(step for step in merged.journal if step["model"] == "crm.organisationsector")
    OrganisationSector.objects.create(
        pk=removed["values"]["id"], organisation=kept, sector="government", primary=False
    )
    with override("nl"):
        merged = undo(merged=merged, by=user)
    assert "research”: cannot stand beside what is there now." in page(merged.get_absolute_url(), "en")
    assert "research”: kan niet" in page(merged.get_absolute_url(), "nl")


def _kept(language: str) -> list[Any]:
    merged = undone(make_user(language=language))
    reasons = Contact.history.exclude(history_change_reason=None).order_by("history_id")
    found = [*merged.left, *reasons.values_list("history_change_reason", flat=True)]
    Contact.objects.all().delete()
    Contact.history.all().delete()
    return found


def test_the_same_is_kept_whatever_the_language() -> None:
    english = _kept("en")
    assert len(english) > len(LEFT["en"])
    assert _kept("nl") == english
