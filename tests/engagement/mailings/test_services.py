"""Audiences, sending once, and settling."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.contacts.models import Contact, ContactPoint
from crm.preferences.services import record_consent, suppress
from engagement.compositions.models import Composition
from engagement.events.services import invite
from engagement.mailings.models import Message, Recipient
from engagement.mailings.services import NAMED, MailingNotReady, discard, problems_of, settle
from tests.factories import bring_to, draft_invitation, invite_everybody, make_contact, make_event, write

pytestmark = pytest.mark.django_db


def test_everybody_has_a_reason():
    people = {
        "in audience": make_contact(),
        "said no": make_contact(),
        "no address": make_contact(email=None),
        "bad address": make_contact(),
        "suppressed": make_contact(email="never@example.org"),
        "unusable address": make_contact(email="rené@example.org"),
    }
    record_consent(contact=people["said no"], purpose="invitation", allowed=False, source="form")
    ContactPoint.objects.filter(contact=people["bad address"]).update(state="bounced")
    suppress(address="NEVER@example.org", reason="asked")
    draft_invitation(make_event())
    found = {recipient.contact_id: recipient.reason for recipient in Recipient.objects.all()}
    assert found == {person.pk: reason for reason, person in people.items()}
    assert [r.contact for r in Recipient.objects.filter(included=True)] == [people["in audience"]]


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    "address", ["rené@example.org", f"jan@{'x' * 64}.example.org", "jan@example..org", "a b@example.org"]
)
def test_address_that_no_server_takes_is_found_in_the_draft_and_stops_nobody_else(address):
    make_contact()
    make_contact(email=address)
    mailing = draft_invitation(make_event())
    assert problems_of(mailing) == []
    assert mailing.recipients.get(included=False).reason == "unusable address"


def test_second_invitation_skips_who_has_one():
    event = make_event()
    make_contact()
    invite_everybody(event)
    later = make_contact()
    mailing = draft_invitation(event)
    reasons = dict(mailing.recipients.values_list("contact", "reason"))
    assert sorted(reasons.values()) == ["already", "in audience"]
    assert reasons[later.pk] == "in audience"


def test_sending_twice_queues_once():
    make_contact()
    mailing = draft_invitation(make_event())
    invite(mailing=mailing)
    invite(mailing=mailing)
    assert Message.objects.count() == 1


def test_draft_goes_with_its_words_and_its_people_but_nothing_that_was_sent():
    make_contact()
    sent, draft, written = draft_invitation(make_event()), draft_invitation(make_event()), write()
    invite(mailing=sent)
    assert [discard(mailing=one) for one in (sent, draft, written, draft)] == [False, True, True, False]
    assert Message.objects.count() == 1
    assert [one.mailing for one in Recipient.objects.all()] == [sent]
    assert not Composition.objects.exists()


def test_no_since_the_draft_still_counts():
    stays, leaves = make_contact(), make_contact()
    mailing = draft_invitation(make_event())
    record_consent(contact=leaves, purpose="invitation", allowed=False, source="form")
    invite(mailing=mailing)
    assert [message.contact for message in Message.objects.all()] == [stays]
    assert mailing.recipients.get(contact=leaves).reason == "said no"


def test_unresolvable_salutation_stops_the_mailing_and_says_whose():
    make_contact()
    nameless = make_contact(given_name="", initials="", form_of_address="")
    mailing = draft_invitation(make_event())
    with pytest.raises(MailingNotReady) as refusal:
        invite(mailing=mailing)
    assert len(refusal.value.problems) == 1
    assert str(nameless) in refusal.value.problems[0]
    assert not Message.objects.exists()


def test_of_many_unresolvable_salutations_the_first_are_named():
    for _more in range(13):
        make_contact(given_name="", initials="", form_of_address="")
    problems = problems_of(draft_invitation(make_event()))
    assert len(problems) == NAMED + 1
    assert "3" in problems[-1]


def test_audience_of_nobody_is_refused():
    mailing = draft_invitation(make_event())
    with pytest.raises(MailingNotReady):
        invite(mailing=mailing)


def test_english_reader_without_english_text_is_a_problem():
    make_contact(language="en")
    mailing = draft_invitation(make_event(title_en="", text_en=""))
    assert len(problems_of(mailing)) == 1


def test_past_event_is_a_problem():
    make_contact()
    assert len(problems_of(draft_invitation(make_event(in_days=-1)))) == 1


@pytest.mark.parametrize(("again", "state"), [(True, "queued"), (False, "sent")])
def test_uncertain_is_settled_once_by_a_person(again, state):
    make_contact()
    message = invite_everybody(make_event())[0]
    bring_to("uncertain", Message.objects.filter(pk=message.pk))
    assert settle(message=message, again=again) is True
    assert settle(message=message, again=again) is False
    assert Message.objects.get().state == state


def test_message_held_without_a_claim_is_refused_by_the_database():
    make_contact()
    message = invite_everybody(make_event())[0]
    for wrong in ({"state": "claimed"}, {"state": "sent"}, {"state": "skipped"}, {"sent_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**wrong)
    assert Contact.objects.count() == 1
