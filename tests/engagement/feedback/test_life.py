"""What the pages of a statement and of a part of the strategy tell of feedback."""

import pytest
from django.test import Client

from crm.accounts.roles import Role
from engagement.feedback.models import Feedback, Follow
from tests.factories import make_contact, make_evidence, make_interview, make_item, make_statement, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    interview = make_interview(make_contact(), notes="De hal is te klein.")
    return make_statement(interview=interview)


def steps(client: Client, statement) -> list[str]:
    life = client.get(statement.get_absolute_url()).context["life"]
    return [one.template.rpartition("/")[2] for one in life if "feedback" in one.template]


@pytest.mark.same_on_both
def test_statement_tells_that_who_said_it_is_to_be_told_and_when_they_were(client, statement):
    user = make_user(Role.CORE_TEAM)
    client.force_login(user)
    assert steps(client, statement) == []
    make_evidence(statement, make_item("1.1.1"))
    assert steps(client, statement) == ["to_tell.html"]
    contact = statement.speaker.contact
    Feedback.objects.create(writeup=statement.writeup, contact=contact, sent_by=user)
    assert steps(client, statement) == ["told.html"]
    client.force_login(make_user(Role.READER))
    assert steps(client, statement) == []


@pytest.mark.same_on_both
def test_part_tells_the_team_how_many_people_follow_what_carries_it(client, statement):
    item = make_item("1.1.1")
    make_evidence(statement, item)
    make_evidence(statement, make_item("1.1.2"))
    Follow.objects.create(contact=statement.speaker.contact, statement=statement)
    for role, shown in ((Role.CORE_TEAM, [1]), (Role.READER, [])):
        client.force_login(make_user(role))
        for part in (item, make_item("1")):
            sections = client.get(part.get_absolute_url()).context["sections"]
            assert [one.context["count"] for one in sections] == shown
