"""What a newcomer finds."""

from collections import Counter
from io import StringIO
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from crm.base.sectors import Sector
from crm.themes.models import Theme
from engagement.attachments.models import Attachment
from engagement.attachments.store import get
from engagement.codes.models import Code, CodeMerge
from engagement.codes.tree import with_parts
from engagement.compositions.checks import languages_written, problems
from engagement.compositions.models import Block
from engagement.decisions.models import Decision
from engagement.events.models import Event
from engagement.evidence.coverage import Flag, coverage
from engagement.evidence.models import Evidence
from engagement.followups.models import FollowUp
from engagement.interviews.models import Guide, Interview
from engagement.mailings.models import Mailing
from engagement.mailings.services import nobody_chosen
from engagement.management.notes import read_said, share
from engagement.statements.models import Anchor, Response, Stance, Statement, Writeup
from engagement.strategy.models import StrategyItem

pytestmark = [pytest.mark.django_db, pytest.mark.same_on_both]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loading it takes seconds, so all tests here read the same one; it goes with the transaction."""
    folder = tmp_path_factory.mktemp("attachments")
    with (
        django_db_blocker.unblock(),
        override_settings(LOCAL=True, ATTACHMENTS_DIR=folder),
        transaction.atomic(),
    ):
        call_command("load_reference", stdout=StringIO())
        empty = transaction.savepoint()
        load()
        first = told()
        transaction.savepoint_rollback(empty)
        load()
        yield first
        transaction.set_rollback(True)


def load(*more: str) -> None:
    call_command("load_demo", *more, stdout=StringIO())


def told() -> list[Any]:
    """What was said, by whom and under what, in the order of the notes, with the notes themselves; what was
    answered about it and what it carries.
    """
    rows = Statement.objects.order_by("pk", "codes__pk").values_list(
        "passage",
        "start",
        "end",
        "anchor",
        "visibility",
        "speaker__contact__family_name",
        "codes__name",
    )
    answers = Response.objects.order_by("pk").values_list("shown", "words", "kind", "visibility", "spoken_on")
    evidence = Evidence.objects.order_by("pk").values_list(
        "item__code", "statement__passage", "outcome", "reason_nl", "reason_en"
    )
    return [*Writeup.objects.order_by("pk").values_list("text", flat=True), *rows, *answers, *evidence]


def test_demo_has_a_newsletter_that_only_needs_an_audience():
    mailing = Mailing.objects.get()
    blocks = list(mailing.composition.blocks.all())
    assert {block.kind for block in blocks} == set(Block.Kind.values)
    assert languages_written(mailing.composition, blocks) == ["nl", "en"]
    assert problems(mailing) == []
    assert nobody_chosen(mailing)
    assert all(block.url in ("", "https://example.org/") for block in blocks)


def test_demo_has_conversations_and_what_came_of_them():
    heard = Interview.objects.exclude(state=Interview.State.PLANNED)
    assert heard.count() == 40
    assert Interview.objects.planned().count() == 9
    assert Interview.objects.planned().filter(interviewer=None).count() == 4
    assert Event.objects.exclude(writeup=None).count() == 6
    assert Statement.objects.count() == 400
    assert Statement.objects.in_doubt().count() == 3
    assert Statement.objects.exclude(split_from=None).count() == 1
    assert Statement.objects.exclude(alike=None).count() >= 10
    assert Statement.objects.filter(speaker=None).count() == 6
    assert (Guide.objects.count(), FollowUp.objects.count(), Attachment.objects.count()) == (4, 20, 2)
    assert (Code.objects.in_use().count(), CodeMerge.objects.count()) == (36, 1)
    for attachment in Attachment.objects.all():
        assert sum(map(len, get(attachment.uuid, attachment.key))) == attachment.size


def test_demo_passages_stand_in_their_notes():
    placed = Statement.objects.filter(anchor=Anchor.IN_PLACE).select_related("writeup")
    assert len(placed) == 397
    assert [one for one in placed if one.writeup.text[one.start : one.end] != one.passage] == []


def test_demo_heard_each_o_on_each_theme_in_each_stance():
    for theme in Theme.objects.all():
        codes = with_parts(Code.objects.filter(theme=theme).values_list("pk", flat=True))
        on = Statement.objects.filter(codes__in=codes).distinct()
        sectors = Counter(on.values_list("speaker__sector", flat=True))
        assert all(sectors[sector] >= 10 for sector in Sector.values), (theme, sectors)
        assert set(on.values_list("stance", flat=True)) == set(Stance.values)


def test_demo_strategy_rests_on_two_thirds_of_what_was_said():
    kinds = Counter(StrategyItem.objects.values_list("kind", flat=True))
    assert kinds == {"pillar": 2, "goal": 5, "measure": 17}
    used = Statement.objects.exclude(evidence=None).distinct().count()
    assert round(used / 400 * 3) == 2
    assert set(Evidence.objects.values_list("outcome", flat=True)) == set(Evidence.Outcome.values)
    assert not Evidence.objects.exclude(outcome="open").filter(reason_nl="").exists()
    assert Evidence.history.count() == Evidence.objects.count()
    assert (
        Decision.objects.count(),
        Decision.objects.filter(decided_on__gt=timezone.localdate()).count(),
    ) == (
        10,
        2,
    )


def test_demo_strategy_has_a_measure_for_each_flag():
    items = StrategyItem.objects.order_by("code")
    flags = {items.get(pk=key).code: one.flags for key, one in coverage(items).items() if one.flags}
    assert flags == {
        "1.1.3": (Flag.ONE_ORGANISATION, Flag.ONE_SECTOR),
        "1.2.2": (Flag.NONE_APPROVED,),
        "1.2.4": (Flag.ONE_SECTOR,),
        "1.2.5": (Flag.NO_EVIDENCE,),
        "2.1.3": (Flag.HARDWARE_ONLY,),
    }


def test_demo_speakers_agreed_corrected_restricted_and_withdrew():
    kinds = Counter(Response.objects.values_list("kind", flat=True))
    assert min(kinds[kind] for kind in Response.Kind.values) >= 3
    corrected = Statement.objects.filter(latest_response__kind="corrected").select_related("latest_response")
    assert Counter(one.is_approved for one in corrected) == {True: 2, False: 3}
    answered = Statement.objects.filter(speaker=F("latest_response__speaker")).select_related(
        "latest_response"
    )
    assert any(one.allowed != one.visibility for one in answered)
    assert Response.objects.exclude(recorded_by=None).exists()


def test_demo_loaded_twice_is_loaded_once():
    before = told()
    load()
    assert told() == before


def test_demo_with_the_same_seed_is_the_same(demo):
    assert told() == demo


def test_demo_with_another_seed_is_another_one():
    everything = read_said(settings.BASE_DIR / "fixtures" / "demo_statements.txt")
    one, same, other = (share(everything, Random(seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other
