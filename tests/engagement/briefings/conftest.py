"""Sentences on a theme of people from all O's, and what became of them."""

from typing import Any

import pytest

from crm.contacts.models import Contact
from crm.themes.models import Theme
from engagement.briefings.briefing import Briefing
from engagement.codes.models import Code
from engagement.statements.models import Statement
from tests.factories import make_contact, make_interview, make_organisation, make_statement, make_theme


@pytest.fixture
def theme() -> Theme:
    return make_theme()


@pytest.fixture
def briefing(theme: Theme) -> Briefing:
    return Briefing(theme)


@pytest.fixture
def say(theme: Theme):
    """A sentence on the theme of somebody of an organisation of their own."""
    Code.objects.create(name="Stages", theme=theme)

    def say(words: str, sector: str = "education", who: Contact | None = None, **fields: Any) -> Statement:
        organisation = make_organisation("", sector)
        contact = who or make_contact(organisation=organisation)
        interview = make_interview(contact, notes=words, organisation=organisation)
        return make_statement(words, interview=interview, **{"codes": ["Stages"], **fields})

    return say
