"""Whom to interview next: in the order of what each conversation adds, given to somebody with one choice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from crm.accounts.roles import Role
from engagement.codes.models import Code
from engagement.interviews.models import Interview
from engagement.interviews.services import assign
from engagement.planning.board import Board
from tests.factories import (
    make_contact,
    make_follow_up,
    make_interview,
    make_organisation,
    make_statement,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
PLAN = "interview_plan"


@pytest.fixture
def theme():
    return make_theme()


@pytest.fixture
def member():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def plan(theme):
    """A planned conversation with somebody of an O whose theme it is."""

    def plan(sector: str, by=None, in_days: int | None = None, **fields) -> Interview:
        organisation = make_organisation("", sector)
        person = make_contact(organisation=organisation)
        person.themes.add(theme)
        interview = make_interview(person, by=by or make_user(), state="planned", organisation=organisation)
        Interview.objects.filter(pk=interview.pk).update(
            interviewer=by,
            held_at=None if in_days is None else timezone.now() + timedelta(days=in_days),
            **fields,
        )
        return interview

    return plan


def board(**how) -> Board:
    return Board(now=timezone.now(), **how)


def speak(sector: str, theme) -> None:
    """Let an organisation of this O be heard on the theme."""
    organisation = make_organisation("", sector)
    interview = make_interview(
        make_contact(organisation=organisation), notes="Zo.", organisation=organisation
    )
    make_statement("Zo.", interview=interview, codes=["Stages"])
    Code.objects.update(theme=theme)


def test_first_comes_where_nobody_was_heard_then_where_the_smallest_share_was(plan, theme):
    many, few, nobody = plan("education"), plan("government"), plan("research")
    plan("government")
    plan("government")
    for sector in ("education", "education", "government"):
        speak(sector, theme)
    rows = [row for row in board().rows if row.interview in (many, few, nobody)]
    assert [(row.interview, row.gap.heard, row.gap.missing) for row in rows] == [
        (nobody, 0, 1),
        (few, 1, 3),
        (many, 2, 1),
    ]
    assert board().filling == 1


def test_conversation_stands_in_the_block_of_what_must_happen(plan, member):
    loose, given, later, soon = (
        plan("education"),
        plan("research", by=member),
        plan("government", by=member, in_days=9),
        plan("government", by=member, in_days=2),
    )
    make_interview(make_contact(), by=member)
    whole = board()
    blocks = (whole.unassigned, whole.without_day, whole.appointments)
    assert [[row.interview for row in rows] for rows in blocks] == [[loose], [given], [soon, later]]
    assert [(one.open, one.appointments, one.held) for one in whole.loads if one.user == member] == [
        (1, 2, 1)
    ]
    assert {row.interview for row in board(mine=member).rows} == {given, later, soon}
    assert {row.interview for row in board(sector="government").rows} == {soon, later}
    assert [number for _sector, number in whole.sectors] == [1, 1, 0, 2]


def test_somebody_is_chosen_and_finds_it_on_today(client, plan, member):
    interview, other = plan("education"), make_user(Role.ADMIN)
    client.force_login(member)
    page = client.get(reverse(PLAN)).content.decode()
    assert f'<option value="{other.pk}">' in page
    assign_path = reverse("interview_assign", args=[interview.pk])
    answer = client.post(f"{assign_path}?sector=education", {"interviewer": other.pk})
    assert answer["Location"] == f"{reverse(PLAN)}?sector=education#conversation-{interview.pk}"
    colleague = Client()
    colleague.force_login(other)
    assert list(colleague.get(reverse("today")).context["to_hold"]) == [interview]
    for wrong in (make_user(Role.READER).pk, "x"):
        client.post(assign_path, {"interviewer": wrong})
    interview.refresh_from_db()
    assert interview.interviewer == other
    client.post(assign_path, {"interviewer": ""})
    interview.refresh_from_db()
    assert interview.interviewer is None


def test_what_is_in_confidence_is_given_away_by_who_holds_it_and_never_to_nobody(client, plan, member):
    interview = plan("education", by=member)
    interview.writeup.trusted.set([member])
    type(interview.writeup).objects.update(confidential=True)
    client.force_login(make_user(Role.ADMIN))
    assert f'id="who-{interview.pk}"' not in client.get(reverse(PLAN)).content.decode()
    assert client.post(reverse("interview_assign", args=[interview.pk])).status_code == 403
    with pytest.raises(ValidationError):
        assign(interview=interview, to=None)
    other = make_user(Role.CORE_TEAM)
    assign(interview=interview, to=other)
    assert list(interview.writeup.trusted.all()) == [other]


def test_somebody_is_put_on_the_list_and_nobody_can_have_held_a_conversation(client, member):
    client.force_login(member)
    person = make_contact(organisation=make_organisation("Saxion"))
    path = f"{reverse('interview_new')}?state=planned&nobody=1"
    assert not client.get(path).context["form"].initial.get("held_at")
    data = {"state": "planned", "contacts": [person.pk], "interviewer": "", "medium": "phone"}
    client.post(path, data)
    interview = Interview.objects.get()
    assert (interview.interviewer, interview.held_at) == (None, None)
    assert str(person) in client.get(interview.get_absolute_url()).content.decode()
    for changes in ({"state": "held", "held_at": "2026-01-01T10:00"}, {"confidential": "on"}):
        page = client.post(reverse("interview_edit", args=[interview.pk]), {**data, **changes})
        assert list(page.context["form"].errors) == ["interviewer"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.update(state="held", held_at=timezone.now())


def test_board_shows_mails_dead_ends_and_follow_ups_and_reads_in_few_queries(
    client, plan, member, django_assert_max_num_queries
):
    for _number in range(6):
        person = plan("education").contacts.get()
        person.contact_points.update(state="bounced")
        person.contact_points.create(kind="phone", value="+31534890000")
    make_follow_up("Cijfers sturen")
    client.force_login(member)
    with django_assert_max_num_queries(45):
        page = client.get(reverse(PLAN)).content.decode()
    for words in ("Education on Battle for talent: nobody", "call +31534890000", "Cijfers sturen", "0 mails"):
        assert words in page


@pytest.mark.same_on_both
def test_everybody_is_mailed_the_own_list_after_a_question(client, plan, member):
    other = make_user(Role.ADMIN, language="en")
    mine, theirs = plan("education", by=member), plan("research", by=other, in_days=2)
    plan("government")
    client.force_login(member)
    path = reverse("interview_mail")
    assert "Mail their list to 2 colleagues?" in client.post(path).content.decode()
    assert mail.outbox == []
    page = client.post(path, {"confirmed": "2"}, follow=True).content.decode()
    assert "2 lists are sent." in page
    mails = {one.to[0]: one for one in mail.outbox}
    assert set(mails) == {member.email, other.email}
    assert mails[other.email].subject == "1 conversation for you"
    assert str(theirs) in mails[other.email].body
    assert mine.get_absolute_url() not in mails[other.email].body
    assert "no appointment yet" in mails[member.email].body


def test_own_appointments_go_to_a_calendar(client, plan, member):
    mine = plan("education", by=member, in_days=2, place="Hal 3; achterin, links")
    plan("research", by=make_user(), in_days=2)
    plan("government", by=member)
    client.force_login(member)
    answer = client.get(reverse("interview_agenda"))
    assert answer["Content-Type"].startswith("text/calendar")
    (entry,) = Calendar.from_ical(answer.getvalue()).walk("VEVENT")
    mine.refresh_from_db()
    assert entry["uid"].startswith(f"interview-{mine.pk}@")
    assert entry.decoded("dtstart") == mine.held_at.replace(microsecond=0)
    assert entry["location"] == "Hal 3; achterin, links"
    assert str(entry["summary"]) == f"Interview: {mine}"
