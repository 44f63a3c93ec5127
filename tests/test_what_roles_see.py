"""What no role but those named sees, on any page, in any export, by searching or by the API."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.accounts.roles import SENDERS, TEAM, Role
from crm.base.happenings import KINDS
from crm.contacts.models import Contact, ContactPoint
from crm.organisations.models import Organisation
from crm.timeline.notes import add_note
from engagement.events.models import Participation
from engagement.statements.models import Speaker, Statement, Writeup
from tests.addresses import POST_ONLY
from tests.addresses import addresses as addresses  # a fixture
from tests.factories import happened, make_user

pytestmark = pytest.mark.django_db

# What was planted, and which roles see it on which page or in which file; nowhere else does it stand.
WHERE = {
    "zneeds": {"event_detail": SENDERS, "event_needs": SENDERS},
    "znote": {"contact_detail": TEAM},
    "zcall": {"organisation_detail": TEAM},
    "zinterview": {"interview_detail": TEAM, "capture": TEAM, "capture_text": TEAM},
    "zspeaker": {
        "statement_list": TEAM,
        "statement_detail": TEAM,
        "interview_detail": TEAM,
        "capture": TEAM,
        "statement_edit": TEAM,
        "approval_record": TEAM,
    },
    "zteam": {
        "statement_list": TEAM,
        "statement_detail": TEAM,
        "interview_detail": TEAM,
        "capture": TEAM,
        "statement_edit": TEAM,
        "approval_record": TEAM,
        "evidence_link": TEAM,
        "evidence_edit": TEAM,
    },
    "zasked": {"contact_detail": TEAM},
    "zold@example.org": {"contact_detail": TEAM, "contact_history": TEAM},
    "zdead@example.org": {"contact_detail": TEAM},
}


@pytest.fixture
def planted(addresses: dict[str, str]) -> dict[str, str]:
    """Every address there is, of things that hold what is not for everybody."""
    contact, by = Contact.objects.get(participations__isnull=False), make_user()
    Participation.objects.update(needs="zneeds", status="accepted", answered_at=timezone.now())
    add_note(about=contact, text="znote", call=False, by=by)
    add_note(
        about=Organisation.objects.get(pk=key_in(addresses["organisation_detail"])),
        text="zcall",
        call=True,
        by=by,
    )
    Writeup.objects.update(text="zinterview")
    Speaker.objects.update(contact=None, label="zspeaker")
    Statement.objects.update(wording="zteam", visibility="team")
    happened("interview.held", contact, words={"interviewer": "zasked"})
    happened("contact.changed", contact, words={"by": "x", "diff": {"email": ["zold@example.org", "new"]}})
    happened("inbox.bounced", contact, words={"address": "zdead@example.org"})
    point = ContactPoint.objects.create(contact=contact, kind="email", value="zold@example.org")
    point.value = "new@example.org"
    point.save()
    return addresses


def key_in(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2])


def visits(planted: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page, every export (all formats write the same table), and what the API gives out; of the one
    workbook among them, the refused rows of an import, nothing can be read.
    """
    yield from ((name, path) for name, path in planted.items() if name not in POST_ONLY)
    yield "contact_export", reverse("contact_export", args=["vcard"])
    yield from ((name, reverse(name)) for name in ("api_contacts", "api_organisations", "api_schema"))
    yield "api_contact", reverse("api_contact", args=[key_in(planted["contact_detail"])])
    yield "api_organisation", reverse("api_organisation", args=[key_in(planted["organisation_detail"])])


@pytest.mark.same_on_both
def test_what_is_not_for_everybody_stands_only_where_it_may(planted):
    seen: dict[str, dict[str, set[Role]]] = {secret: {} for secret in WHERE}
    for role in Role:
        client = Client()
        client.force_login(make_user(role))
        for name, path in visits(planted):
            words = client.get(path).getvalue().decode(errors="replace")
            for secret in WHERE:
                if secret in words:
                    seen[secret].setdefault(name, set()).add(role)
    assert seen == WHERE


@pytest.mark.same_on_both
def test_what_was_confided_to_others_is_seen_by_nobody_else(planted):
    """Neither the notes nor who spoke, with all the rights there are."""
    Writeup.objects.update(confidential=True)
    Writeup.trusted.through.objects.all().delete()
    client = Client()
    client.force_login(make_user(Role.ADMIN))
    for name, path in visits(planted):
        words = client.get(path).getvalue().decode(errors="replace")
        assert "zinterview" not in words, name
        # Whom an interview was with stands on its own page.
        assert "zspeaker" not in words or name == "interview_detail", name
    for secret in ("zinterview", "zspeaker"):
        assert client.get(reverse("search"), {"q": secret}).context["found"] == 0


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_found_by_what_is_not_for_everybody(planted, role):
    client = Client()
    client.force_login(make_user(role))
    for secret in WHERE:
        assert client.get(reverse("search"), {"q": secret}).context["found"] == 0
        assert client.get(reverse("contact_list"), {"q": secret}).context["page"].rows == []
        assert client.get(reverse("organisation_list"), {"q": secret}).context["page"].rows == []


def test_each_kind_of_happening_that_is_not_for_everybody_says_so():
    """A kind that a reader must not read belongs in this list, and a new one has to be thought of."""
    assert {name: kind.capability for name, kind in KINDS.items() if kind.capability} == {
        "feedback.told": "feedback.send",
        "approval.asked": "approvals.change",
        "approval.answered": "approvals.change",
        "followup.agreed": "followups.view",
        "followup.asked": "followups.view",
        "followup.done": "followups.view",
        "timeline.note": "timeline.notes",
        "timeline.call": "timeline.notes",
        "interview.held": "interviews.view",
        "inbox.bounced": "mailings.view",
        "inbox.failing": "mailings.view",
        "inbox.complained": "mailings.view",
    }
