"""Merging two contacts or organisations: everything moves, and all of it can be undone, also later."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone, translation

from crm.base.parts import parts_of
from crm.base.said import told
from crm.base.tracking import set_links
from crm.contacts.facets import rebuild_facets
from crm.contacts.indexing import rebuild_documents
from crm.contacts.models import Affiliation, Contact, ContactPoint
from crm.contacts.names import surname_key
from crm.contacts.services import delete_contact
from crm.duplicates.merging import CannotMerge, CannotUndo, merge, undo
from crm.duplicates.models import DuplicatePair, Merge
from crm.history.changes import changes_of
from crm.links.models import Link
from crm.links.services import link_for, open_link, token_of
from crm.organisations.models import Organisation
from crm.preferences.links import PREFERENCES
from crm.preferences.models import ConsentRecord, Purpose
from crm.preferences.rules import may_receive
from crm.preferences.services import record_consent
from crm.themes.models import Theme
from crm.timeline.models import TimelineEntry
from crm.timeline.notes import add_note
from engagement.events.links import ANSWER
from engagement.events.models import Participation
from engagement.events.services import answer
from engagement.mailings.models import Message
from tests.factories import (
    invite_everybody,
    make_contact,
    make_event,
    make_interview,
    make_organisation,
    make_term,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> None:
    translation.activate("en")


def everything() -> dict[str, list[dict[str, Any]]]:
    """The whole database but for history, what tells of the merge itself, and moments of change."""
    left_out = {"history", "sessions", "cache"}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if "historical" in label or model in (Merge, DuplicatePair) or model._meta.app_label in left_out:
            continue
        rows = list(model._base_manager.order_by("pk").values())
        for row in rows:
            row.pop("updated_at", None)
        found[label] = rows
    found["crm.timelineentry"] = [
        row for row in found["crm.timelineentry"] if not row["kind"].startswith("merge.")
    ]
    return found


def two_who_are_one() -> tuple[Contact, Contact]:
    """One person twice, with something of everything on both sides and clashes wherever there can be any."""
    user, place, theme, event = make_user(), make_organisation("Saxion"), make_theme(), make_event()
    kept = make_contact(email="jan@example.org", organisation=place)
    gone = make_contact(
        email="j.berg@example.org", organisation=place, given_name="Johan", titles_after="MSc"
    )
    ContactPoint.objects.create(contact=gone, kind="email", value="jan@example.org", state="bounced")
    ContactPoint.objects.create(contact=gone, kind="mobile", value="+31612345678", preferred=True)
    Affiliation.objects.filter(contact=kept).update(job_title="")
    for person in (kept, gone):
        set_links(person, "themes", [theme], by=user)
        record_consent(contact=person, purpose="newsletter", allowed=person == kept, source="form")
        add_note(about=person, text=f"note {person.pk}", call=False, by=user)
        make_term(contact=person)
    other_theme = Theme.objects.exclude(pk=theme.pk).first()
    assert other_theme is not None
    set_links(gone, "themes", [theme, other_theme], by=user)
    Contact.objects.filter(pk=gone.pk).update(told_heard_on=date(2026, 5, 1))
    interview = make_interview(by=user, held_at=timezone.now() - timedelta(days=900))
    interview.contacts.set([kept, gone])
    invite_everybody(event)
    answer(participation=Participation.objects.get(contact=gone), status="accepted")
    return Contact.objects.get(pk=kept.pk), Contact.objects.get(pk=gone.pk)


def test_everything_that_points_moves_and_undo_brings_all_of_it_back():
    kept, gone = two_who_are_one()
    rebuild_documents()
    rebuild_facets()
    before = everything()
    merged = merge(kept=kept, gone=gone, from_gone=["given_name"], by=make_user())
    for part in parts_of(Contact):
        if part.on_merge != "leave":
            assert not part.rows([gone.pk]).exists(), part
    assert not Contact.objects.filter(pk=gone.pk).exists()
    undone = undo(merged=merged, by=make_user())
    assert undone.left == []
    after = everything()
    for label in before:
        if label not in {"crm.user", "crm.user_groups", "auth.group"}:
            assert after[label] == before[label], label


def test_one_person_has_the_best_of_both():
    kept, gone = two_who_are_one()
    merge(kept=kept, gone=gone, from_gone=["given_name"], by=make_user())
    one = Contact.objects.get()
    assert (one.pk, one.given_name, one.titles_after) == (kept.pk, "Johan", "MSc")
    assert (one.last_heard_on, one.sort_key) == (date(2026, 5, 1), "berg, van den, johan")
    assert list(one.contact_points.values_list("kind", "value", "preferred", "state")) == [
        ("email", "jan@example.org", True, "bounced"),
        ("email", "j.berg@example.org", False, "ok"),
        ("mobile", "+31612345678", True, "ok"),
    ]
    assert [row.job_title for row in one.affiliations.all()] == ["director"]
    assert one.themes.count() == 2
    assert one.seats.count() == 2
    assert one.interviews.count() == 1
    assert not may_receive(one, Purpose.NEWSLETTER)
    assert ConsentRecord.objects.filter(contact=one).count() == 2
    assert Participation.objects.get(contact=one).status == "accepted"
    assert [found.pk for found in Contact.objects.search("j.berg@example.org")] == [one.pk]
    newest = TimelineEntry.objects.about(one).first()
    assert newest.sentence().startswith("Merged with Johan van den Berg")
    assert any(change.what == "given name" and change.new == "Johan" for change in changes_of(one))


def test_contact_with_another_surname_is_found_by_it_and_keeps_its_code():
    kept = make_contact(infix="", family_name="Bos")
    gone = make_contact(infix="van den", family_name="Berg", external_id="R-0012")
    merge(kept=kept, gone=gone, from_gone=["infix", "family_name"], by=make_user())
    kept.refresh_from_db()
    assert (kept.surname_key, kept.external_id) == (surname_key("van den", "Berg", ""), "R-0012")


def test_both_tokens_open_the_one_that_is_left():
    kept, gone = two_who_are_one()
    mine = {person.pk: Participation.objects.get(contact=person) for person in (kept, gone)}
    tokens = [
        token_of(link_for(contact=person, purpose=ANSWER, subject=str(mine[person.pk].pk)))
        for person in (kept, gone)
    ]
    tokens += [token_of(link_for(contact=person, purpose=PREFERENCES)) for person in (kept, gone)]
    merge(kept=kept, gone=gone, by=make_user())
    left = Participation.objects.get(event=mine[kept.pk].event)
    for token in tokens[:2]:
        assert open_link(token, ANSWER).subject == str(left.pk)
    for token in tokens[2:]:
        assert open_link(token, PREFERENCES).contact == kept
    assert link_for(contact=kept, purpose=PREFERENCES).superseded is False
    assert Link.objects.filter(contact=kept, superseded=True).count() == 2


def test_message_that_waits_for_both_goes_out_once():
    kept, gone = make_contact(), make_contact()
    invite_everybody(make_event())
    merge(kept=kept, gone=gone, by=make_user())
    states = Message.objects.filter(contact=kept).order_by("created_at").values_list("state", "reason")
    assert sorted(states) == [("queued", ""), ("skipped", "already")]


def test_page_of_who_went_leads_to_who_stayed(client):
    client.force_login(make_user())
    first, second, third = make_contact(), make_contact(), make_contact()
    address = second.get_absolute_url()
    merge(kept=first, gone=second, by=make_user())
    assert client.get(address)["Location"] == first.get_absolute_url()
    merge(kept=third, gone=first, by=make_user())
    assert client.get(address)["Location"] == third.get_absolute_url()
    assert client.get(first.get_absolute_url())["Location"] == third.get_absolute_url()


def test_undo_later_keeps_and_lists_what_was_changed_since():
    kept, gone = two_who_are_one()
    merged = merge(kept=kept, gone=gone, from_gone=["given_name"], by=make_user())
    Contact.objects.filter(pk=kept.pk).update(given_name="Joop")
    ContactPoint.objects.filter(value="j.berg@example.org").delete()
    new = ContactPoint.objects.create(contact_id=kept.pk, kind="email", value="new@example.org")
    undone = undo(merged=merged, by=make_user())
    assert [told([said]) for said in undone.left] == [
        "given name: changed since to “Joop”, and left so.",
        "addresses and numbers: one was removed since.",
    ]
    again = Contact.objects.get(pk=gone.pk)
    assert Contact.objects.get(pk=kept.pk).given_name == "Joop"
    assert again.contact_points.filter(value="jan@example.org", state="bounced").exists()
    assert ContactPoint.objects.get(pk=new.pk).contact_id == kept.pk
    assert [row.pk for row in Contact.objects.search("johan")] == [gone.pk]
    with pytest.raises(CannotUndo, match="already"):
        undo(merged=merged, by=make_user())


def test_merges_are_undone_in_reverse_order():
    first, second, third = make_contact(), make_contact(), make_contact()
    one = merge(kept=first, gone=second, by=make_user())
    two = merge(kept=third, gone=first, by=make_user())
    with pytest.raises(CannotUndo, match="Undo that first"):
        undo(merged=one, by=make_user())
    assert undo(merged=two, by=make_user()).left == []
    one.refresh_from_db()
    assert undo(merged=one, by=make_user()).left == []
    assert Contact.objects.count() == 3


def test_undone_pair_is_not_proposed_again():
    first, second = make_contact(), make_contact()
    DuplicatePair.objects.create(noun="contact", a=first.pk, b=second.pk, score=0.9)
    merged = merge(kept=second, gone=first, by=make_user())
    assert not DuplicatePair.objects.exists()
    undo(merged=merged, by=make_user())
    assert DuplicatePair.objects.get().state == DuplicatePair.State.DIFFERENT


def test_merge_with_itself_or_somebody_gone_is_refused():
    one, other = make_contact(), make_contact()
    Contact.objects.filter(pk=other.pk).delete()
    for gone in (one, other):
        with pytest.raises(CannotMerge):
            merge(kept=one, gone=gone, by=make_user())


def test_organisations_with_family_people_sectors_and_names():
    user = make_user()
    kept, gone = (
        make_organisation("UT", "education"),
        make_organisation("Univ. Twente", "education", "research"),
    )
    kept_below, gone_below = make_organisation("A"), make_organisation("B")
    Organisation.objects.filter(pk=gone_below.pk).update(parent=gone)
    Organisation.objects.filter(pk=kept_below.pk).update(parent=kept)
    Organisation.objects.filter(pk=kept.pk).update(parent=gone)
    Organisation.objects.filter(pk=gone.pk).update(external_id="UT1", city="Enschede")
    both, only = make_contact(organisation=kept), make_contact(organisation=gone)
    Affiliation.objects.create(contact=both, organisation=gone, job_title="other")
    rebuild_documents()
    rebuild_facets()
    before = everything()
    merged = merge(kept=kept, gone=gone, by=user)
    kept.refresh_from_db()
    assert (kept.parent, kept.external_id, kept.city) == (None, "UT1", "Enschede")
    assert {child.name for child in kept.children.all()} == {"A", "B"}
    assert kept.sector_list() == ["education", "research"]
    assert [alias.name for alias in kept.aliases.all()] == ["Univ. Twente"]
    assert set(kept.affiliations.values_list("contact", flat=True)) == {both.pk, only.pk}
    assert [found.pk for found in Contact.objects.search("univ")].sort() == [both.pk, only.pk].sort()
    assert undo(merged=merged, by=user).left == []
    after = everything()
    for label in before:
        assert after[label] == before[label], label


def test_taken_name_leaves_the_old_one_as_another_name():
    kept, gone = make_organisation("UT"), make_organisation("Universiteit Twente")
    merge(kept=kept, gone=gone, from_gone=["name"], by=make_user())
    kept.refresh_from_db()
    assert (kept.name, [alias.name for alias in kept.aliases.all()]) == ("Universiteit Twente", ["UT"])


def test_contact_that_took_in_another_can_be_deleted_and_leaves_no_trace():
    kept, gone = make_contact(), make_contact()
    merge(kept=kept, gone=gone, by=make_user())
    delete_contact(contact=kept)
    assert not Merge.objects.exists()
    assert not Contact.history.filter(id__in=[kept.pk, gone.pk]).exists()
    assert not ContactPoint.history.filter(contact__in=[kept.pk, gone.pk]).exists()


def test_merge_takes_a_bounded_number_of_queries(django_assert_max_num_queries):
    kept, gone, user = make_contact(), make_contact(), make_user()
    for number in range(50):
        add_note(about=gone, text=str(number), call=False, by=user)
    Message.objects.all().delete()
    with django_assert_max_num_queries(75):
        merge(kept=kept, gone=gone, by=user)
    assert timezone.now() - Merge.objects.get().merged_at < timedelta(minutes=1)
