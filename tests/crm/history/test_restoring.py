"""What the history of a contact or organisation says, and putting each kind of change back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from crm.accounts.roles import Role
from crm.contacts.models import Contact
from crm.contacts.services import AffiliationInput, PointInput, save_contact
from crm.history.changes import changes_of
from crm.history.restoring import NothingToRestore, restore
from crm.organisations.services import save_organisation
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def change(contact, actor, **values):
    """Save `contact` as it is but for `values`."""
    points = [PointInput(p.kind, p.value, p.preferred) for p in contact.contact_points.all()]
    rows = contact.affiliations.select_related("organisation")
    functions = [
        AffiliationInput(row.organisation, row.pk, row.job_title, row.sector, row.started_on, row.ended_on)
        for row in rows
    ]
    known: dict[str, Any] = {
        "fields": {},
        "themes": contact.themes.all(),
        "points": points,
        "affiliations": functions,
    }
    return save_contact(contact=contact, actor=actor, **{**known, **values})


def told(subject):
    return [(change.what, change.old, change.new) for change in changes_of(subject)]


def key(subject, what):
    return next(change.key for change in changes_of(subject) if change.what == what)


def test_field_is_told_with_who_and_put_back(django_assert_max_num_queries):
    user, contact = make_user(), make_contact(form_of_address="heer")
    change(contact, user, fields={"family_name": "Bergh", "form_of_address": "mevrouw"})
    by_name = {change.what: change for change in changes_of(contact)}
    assert (by_name["family name"].old, by_name["family name"].new, by_name["family name"].by) == (
        "Berg",
        "Bergh",
        str(user),
    )
    assert (by_name["form of address"].old, by_name["form of address"].new) == ("Mr (heer)", "Ms (mevrouw)")
    restore(subject=contact, change=by_name["family name"].key, actor=user)
    contact.refresh_from_db()
    assert (contact.family_name, contact.form_of_address, contact.sort_key) == (
        "Berg",
        "mevrouw",
        "berg, van den, jan",
    )
    assert TimelineEntry.objects.about(contact).first().words["diff"] == {"family_name": ["Bergh", "Berg"]}
    assert [row.pk for row in Contact.objects.search("berg")] == [contact.pk]
    with django_assert_max_num_queries(5):
        changes_of(contact)


def test_removed_address_comes_back_beside_the_new_preferred_one():
    user, contact = make_user(), make_contact(email="jan@example.org")
    change(contact, user, points=[PointInput("email", "new@example.org", True)])
    restore(subject=contact, change=_gone(contact, "jan@example.org"), actor=user)
    assert list(contact.contact_points.values_list("value", "preferred")) == [
        ("new@example.org", True),
        ("jan@example.org", False),
    ]


def _gone(contact, value):
    return next(change.key for change in changes_of(contact) if change.old == value)


def test_preferred_can_be_put_back():
    user, contact = make_user(), make_contact(email="a@example.org")
    change(
        contact,
        user,
        points=[PointInput("email", "a@example.org", True), PointInput("email", "b@example.org")],
    )
    change(
        contact,
        user,
        points=[PointInput("email", "a@example.org"), PointInput("email", "b@example.org", True)],
    )
    restore(subject=contact, change=key(contact, "e-mail b@example.org: preferred"), actor=user)
    assert not contact.contact_points.filter(preferred=True).exists()
    restore(subject=contact, change=key(contact, "e-mail a@example.org: preferred"), actor=user)
    assert contact.contact_points.get(preferred=True).value == "a@example.org"


def test_function_and_theme_are_put_back():
    user, place = make_user(), make_organisation("Saxion")
    contact, theme = make_contact(organisation=place), make_theme()
    row = contact.affiliations.get()
    new = AffiliationInput(place, row.pk, "rector", ended_on=date(2020, 1, 31))
    change(contact, user, affiliations=[new], themes=[theme])
    assert ("theme", "", "Battle for talent") in told(contact)
    assert ("function rector, Saxion: job title", "director", "rector") in told(contact)
    restore(subject=contact, change=key(contact, "function rector, Saxion: job title"), actor=user)
    restore(subject=contact, change=key(contact, "theme"), actor=user)
    change(contact, user, affiliations=[])
    restore(subject=contact, change=_gone(contact, "director, Saxion"), actor=user)
    row = contact.affiliations.get()
    assert (row.job_title, row.ended_on) == ("director", date(2020, 1, 31))
    assert not contact.themes.exists()
    assert [what for what, _, _ in told(contact)].count("theme") == 2


def test_what_cannot_stand_beside_what_is_there_is_refused():
    user, place = make_user(), make_organisation("Saxion")
    contact = make_contact(organisation=place)
    change(contact, user, affiliations=[])
    change(contact, user, affiliations=[AffiliationInput(place, None, "lector")])
    with pytest.raises(ValidationError, match="cannot stand beside"):
        restore(subject=contact, change=_gone(contact, "director, Saxion"), actor=user)
    assert contact.affiliations.get().job_title == "lector"


def test_organisation_is_told_and_put_back():
    user, parent = make_user(), make_organisation("UT")
    thing = make_organisation("Faculteit", "education")
    known: dict[str, Any] = {"sectors": ["education", "research"], "primary": "education", "aliases": ["Fac"]}
    save_organisation(organisation=thing, name="Faculty", actor=user, parent=parent, **known)
    assert set(told(thing)) == {
        ("name", "Faculteit", "Faculty"),
        ("part of", "", "UT"),
        ("O", "", "Education"),
        ("O", "", "Research"),
        ("other name", "", "Fac"),
    }
    for what in ("name", "part of", "O", "other name"):
        restore(subject=thing, change=key(thing, what), actor=user)
    thing.refresh_from_db()
    assert (thing.name, thing.parent, thing.sector_list(), thing.aliases.count()) == (
        "Faculteit",
        None,
        ["education"],
        0,
    )


def test_parent_that_became_a_part_is_not_put_back():
    user = make_user()
    above, below = make_organisation("Above"), make_organisation("Below")
    known: dict[str, Any] = {"sectors": [], "primary": "", "aliases": [], "actor": user}
    save_organisation(organisation=below, name="Below", parent=above, **known)
    save_organisation(organisation=below, name="Below", parent=None, **known)
    save_organisation(organisation=above, name="Above", parent=below, **known)
    with pytest.raises(ValidationError, match="is a part of"):
        restore(subject=below, change=_gone(below, "Above"), actor=user)
    below.refresh_from_db()
    assert below.parent is None


@pytest.mark.parametrize(
    "wrong",
    ["", "contact", "contact-x-name", "contact-999999-family_name", "user-1-name", "contact-1-", "\0-1-x"],
)
def test_change_of_something_else_is_not_found(wrong):
    contact = make_contact()
    with pytest.raises(NothingToRestore):
        restore(subject=contact, change=wrong, actor=make_user())


def test_change_of_somebody_else_is_not_found():
    one, other = make_contact(), make_contact()
    change(one, make_user(), fields={"given_name": "Piet"})
    with pytest.raises(NothingToRestore):
        restore(subject=other, change=key(one, "given name"), actor=make_user())


@pytest.mark.same_on_both
@pytest.mark.parametrize("noun", ["contact", "organisation"])
def test_pages(client, noun):
    subject: Any
    user = make_user(Role.CORE_TEAM)
    client.force_login(user)
    if noun == "contact":
        subject = make_contact(given_name="Jan<b>")
        change(subject, user, fields={"given_name": "Piet"})
    else:
        subject = make_organisation("Saxion")
        save_organisation(
            organisation=subject, name="Saxion <i>", sectors=[], primary="", aliases=[], actor=user
        )
    page = client.get(reverse(f"{noun}_history", args=[subject.pk]))
    text = page.content.decode()
    assert "Put back" in text
    table = text.partition("<table")[2].partition("</table>")[0]
    assert "<b>" not in table
    assert "<i>" not in table
    change_key = changes_of(subject)[-1].key
    address = reverse(f"{noun}_restore", args=[subject.pk])
    assert "Put back." in client.post(address, {"change": change_key}, follow=True).content.decode()
    assert client.post(address, {"change": "x"}).status_code == 404
