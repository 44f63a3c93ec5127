"""What a newcomer finds."""

from io import StringIO

import pytest
from django.core.management import call_command

from engagement.compositions.checks import languages_written, problems
from engagement.compositions.models import Block
from engagement.mailings.models import Mailing
from engagement.mailings.services import nobody_chosen

pytestmark = pytest.mark.django_db


def test_demo_has_a_newsletter_that_only_needs_an_audience(settings):
    settings.LOCAL = True
    call_command("load_reference", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    mailing = Mailing.objects.get()
    blocks = list(mailing.composition.blocks.all())
    assert {block.kind for block in blocks} == set(Block.Kind.values)
    assert languages_written(mailing.composition, blocks) == ["nl", "en"]
    assert problems(mailing) == []
    assert nobody_chosen(mailing)
    assert all(block.url in ("", "https://example.org/") for block in blocks)
