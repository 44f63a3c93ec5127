"""Somebody who said a few things, and a measure that they can come back in."""

import pytest

from crm.accounts.roles import Role
from engagement.strategy.models import StrategyItem
from tests.factories import (
    make_contact,
    make_interview,
    make_organisation,
    make_statement,
    make_user,
)


@pytest.fixture
def user():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def contact():
    firm = make_organisation("Stroomkern", "entrepreneurs")
    return make_contact(organisation=firm, language="en")


@pytest.fixture
def interview(contact, user):
    notes = "De hal is te klein. Er is geen stroom. Niemand weet wie er werkt."
    return make_interview(contact, make_contact(family_name="Geheim"), notes=notes, by=user)


@pytest.fixture
def speaker(interview, contact):
    return interview.writeup.speakers.get(contact=contact)


@pytest.fixture
def statements(interview, speaker):
    passages = ("De hal is te klein.", "Er is geen stroom.", "Niemand weet wie er werkt.")
    return [make_statement(one, interview=interview, speaker=speaker) for one in passages]


@pytest.fixture
def measure():
    pillar = StrategyItem.objects.create(kind="pillar", code="1", title_nl="Pijler", title_en="Pillar")
    goal = StrategyItem.objects.create(
        kind="goal", parent=pillar, code="1.1", title_nl="Doel", title_en="Goal"
    )
    return StrategyItem.objects.create(
        kind="measure", parent=goal, code="1.1.1", title_nl="Hallen", title_en="Halls", text_nl="Tien hallen."
    )
