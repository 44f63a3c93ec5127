"""Yes, no and never asked."""

import pytest

from crm.contacts.models import Contact
from crm.preferences.models import AppendOnlyError, ConsentRecord, Preference, Purpose, Suppression
from crm.preferences.rules import contacts_who_may_receive, may_receive, suppressed_digests
from crm.preferences.services import record_consent, suppress
from crm.timeline.models import TimelineEntry
from tests.factories import make_contact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", Purpose.values)
def test_never_asked_allows_everything_but_the_newsletter(purpose):
    contact = make_contact()
    assert may_receive(contact, purpose) == (purpose != "newsletter")
    assert (contact in Contact.objects.filter(contacts_who_may_receive(purpose))) == (purpose != "newsletter")


@pytest.mark.parametrize("purpose", Purpose.values)
@pytest.mark.parametrize("allowed", [True, False])
def test_an_answer_counts_for_its_purpose_only(purpose, allowed):
    contact = make_contact()
    record_consent(contact=contact, purpose=purpose, allowed=allowed, source="form")
    assert may_receive(contact, purpose) == allowed
    assert Contact.objects.filter(contacts_who_may_receive(purpose)).exists() == allowed
    others = [other for other in Purpose.values if other != purpose]
    assert [may_receive(contact, other) for other in others] == [other != "newsletter" for other in others]


def test_ledger_keeps_every_answer_and_the_timeline_tells_it():
    contact = make_contact()
    record_consent(contact=contact, purpose="newsletter", allowed=True, source="form", wording="Newsletter")
    record_consent(contact=contact, purpose="newsletter", allowed=False, source="one-click")
    told = ConsentRecord.objects.order_by("pk").values_list("allowed", "source", "wording")
    assert list(told) == [(True, "form", "Newsletter"), (False, "one-click", "")]
    assert Preference.objects.get().allowed is False
    kinds = TimelineEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["preference.newsletter.yes", "preference.newsletter.no"]


def test_import_never_turns_a_no_into_a_yes():
    contact = make_contact()
    record_consent(contact=contact, purpose="invitation", allowed=False, source="form")
    record_consent(contact=contact, purpose="invitation", allowed=True, source="import")
    assert may_receive(contact, "invitation") is False
    assert ConsentRecord.objects.count() == 1


def test_import_may_turn_a_yes_into_a_no():
    contact = make_contact()
    record_consent(contact=contact, purpose="invitation", allowed=True, source="form")
    record_consent(
        contact=contact, purpose="invitation", allowed=False, source="import", source_detail="a.csv, row 3"
    )
    assert may_receive(contact, "invitation") is False


def test_ledger_cannot_be_changed():
    record_consent(contact=make_contact(), purpose="invitation", allowed=False, source="form")
    record = ConsentRecord.objects.get()
    record.allowed = True
    for change in (
        record.save,
        lambda: ConsentRecord.objects.update(allowed=True),
        ConsentRecord.objects.all().delete,
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_suppressed_address_is_kept_as_a_hash_and_recognised_in_any_case():
    suppress(address="Jan@Example.org", reason="asked by letter")
    suppress(address="jan@example.org", reason="again")
    assert Suppression.objects.count() == 1
    assert "jan" not in Suppression.objects.get().digest
    assert suppressed_digests(["JAN@example.ORG", "other@example.org"]) == {Suppression.objects.get().digest}
