"""A second coder: codes blind, and then it is chosen."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from crm.accounts.roles import Role
from engagement.codes.models import Code
from engagement.intercoder.agreement import agreements
from engagement.intercoder.models import BlindCoding, CodingRound
from engagement.intercoder.services import choose, code_blind, finish_round, start_round, to_be_coded
from engagement.statements.models import Statement
from engagement.statements.recoding import merge_codes
from engagement.statements.services import set_codes
from tests.factories import make_statement, make_user

pytestmark = pytest.mark.django_db


def coded(passage: str, *codes: Code, by: Any) -> Statement:
    statement = make_statement(passage)
    set_codes(statement=statement, codes=codes, by=by)
    return statement


@pytest.fixture
def first():
    return make_user(Role.CORE_TEAM)


@pytest.fixture
def second():
    return make_user(Role.COMMUNICATIONS)


@pytest.fixture
def codes() -> list[Code]:
    return [Code.objects.create(name=name) for name in ("huisvesting", "vervoer")]


def laid(second: Any, first: Any, *statements: Statement) -> CodingRound:
    return start_round(coder=second, statements=statements, by=first)


def blind(coding_round: CodingRound, position: int, codes: Sequence[Code]) -> BlindCoding:
    coding = coding_round.codings.get(position=position)
    code_blind(coding=coding, codes=codes)
    return coding


def test_nobody_codes_blind_what_they_coded_themselves(first, second, codes):
    ours = coded("Er is geen huis.", codes[0], by=first)
    coded("De bus is laat.", codes[1], by=second)
    make_statement("Dit heeft nog geen code.")
    assert list(to_be_coded(second)) == [ours]


def test_a_round_without_statements_is_none(first, second):
    with pytest.raises(ValidationError, match="geen uitspraak"):
        laid(second, first)


def test_page_of_the_second_coder_says_nothing_of_the_first(client, first, second, codes):
    statement = coded("Er is geen huis.", codes[0], by=first)
    coding_round = laid(second, first, statement)
    client.force_login(second)
    page = client.get(reverse("code_round_code", args=[coding_round.pk, 1]))
    assert "Er is geen huis." in page.content.decode()
    assert "checked" not in page.content.decode().split("<main")[1]
    answer = client.post(reverse("code_round_code", args=[coding_round.pk, 1]), {"codes": [codes[1].pk]})
    assert answer.url == coding_round.get_absolute_url()
    coding = coding_round.codings.get()
    assert (list(coding.first.all()), list(coding.second.all())) == ([codes[0]], [codes[1]])
    assert list(statement.codes.all()) == [codes[0]]
    assert "vervoer" not in client.get(coding_round.get_absolute_url()).content.decode().split("<main")[1]


def test_only_the_second_coder_codes_and_ends_a_round(client, first, second, codes):
    coding_round = laid(second, first, coded("Er is geen huis.", codes[0], by=first))
    client.force_login(first)
    address = reverse("code_round_code", args=[coding_round.pk, 1])
    assert "form" not in client.get(address).context
    client.post(address, {"codes": [codes[1].pk]})
    assert list(coding_round.codings.done()) == []
    blind(coding_round, 1, codes)
    client.post(reverse("code_round_finish", args=[coding_round.pk]))
    coding_round.refresh_from_db()
    assert coding_round.finished_at is None
    client.force_login(second)
    client.post(reverse("code_round_finish", args=[coding_round.pk]))
    coding_round.refresh_from_db()
    assert coding_round.finished_at


def test_after_the_end_nothing_is_coded_any_more(first, second, codes):
    coding_round = laid(second, first, coded("Er is geen huis.", codes[0], by=first))
    with pytest.raises(ValidationError, match="één uitspraak"):
        finish_round(coding_round=coding_round)
    coding = blind(coding_round, 1, [])
    finish_round(coding_round=coding_round)
    with pytest.raises(ValidationError, match="klaar"):
        code_blind(coding=coding, codes=codes)


def test_differences_are_shown_and_chosen_from(client, first, second, codes):
    one = coded("Er is geen huis.", codes[0], by=first)
    other = coded("De bus is laat.", codes[1], by=first)
    coding_round = laid(second, first, one, other)
    blind(coding_round, 1, codes)
    blind(coding_round, 2, [codes[1]])
    finish_round(coding_round=coding_round)
    client.force_login(first)
    page = client.get(coding_round.get_absolute_url()).content.decode()
    assert 'id="s1"' in page
    assert 'id="s2"' not in page
    client.post(reverse("code_round_choose", args=[coding_round.pk, 1]), {"choice": "second"})
    one.refresh_from_db()
    assert (set(one.codes.all()), one.version) == (set(codes), 2)
    # What they agree on is still what it was before somebody chose.
    assert [(got.code, got.first, got.second, got.both) for got in agreements(coding_round)] == [
        (codes[1], 1, 2, 1),
        (codes[0], 1, 1, 1),
    ]


def test_choosing_before_the_end_or_nonsense_changes_nothing(client, first, second, codes):
    statement = coded("Er is geen huis.", codes[0], by=first)
    coding_round = laid(second, first, statement)
    blind(coding_round, 1, [codes[1]])
    client.force_login(first)
    address = reverse("code_round_choose", args=[coding_round.pk, 1])
    client.post(address, {"choice": "second"})
    finish_round(coding_round=coding_round)
    client.post(address, {"choice": "nobody"})
    assert list(statement.codes.all()) == [codes[0]]


@pytest.mark.same_on_both
@pytest.mark.parametrize(("choice", "left"), [("first", [0]), ("second", [1]), ("both", [0, 1])])
def test_a_choice_gives_the_codes_of_that_side(first, second, codes, choice, left):
    statement = coded("Er is geen huis.", codes[0], by=first)
    coding_round = laid(second, first, statement)
    coding = blind(coding_round, 1, [codes[1]])
    finish_round(coding_round=coding_round)
    choose(coding=coding, choice=choice, by=first)
    assert set(statement.codes.all()) == {codes[number] for number in left}


def test_codes_that_were_merged_since_agree(first, second, codes):
    coding_round = laid(second, first, coded("Er is geen huis.", codes[0], by=first))
    blind(coding_round, 1, [codes[1]])
    finish_round(coding_round=coding_round)
    merge_codes(gone=codes[1], kept=codes[0], by=first)
    (found,) = agreements(coding_round)
    assert (found.code, found.both, found.alpha, found.verdict) == (codes[0], 1, None, "too little")


@pytest.mark.same_on_both
def test_few_statements_say_too_little(first, second, codes):
    statements = [coded(f"Er is geen huis, {n}.", codes[n % 2], by=first) for n in range(6)]
    coding_round = laid(second, first, *statements)
    for position in range(1, 7):
        blind(coding_round, position, [codes[(position - 1) % 2]])
    found = agreements(coding_round)
    assert [(one.alpha, one.is_enough, one.verdict) for one in found] == [(1, False, "too little")] * 2


def test_a_round_is_begun_on_its_page(client, first, second, codes):
    coded("Er is geen huis.", codes[0], by=first)
    client.force_login(first)
    client.post(reverse("code_round_new"), {"coder": second.pk, "count": 10})
    assert CodingRound.objects.get().codings.count() == 1
    page = client.post(reverse("code_round_new"), {"coder": first.pk, "count": 10})
    assert page.status_code == 200
    assert CodingRound.objects.count() == 1
