"""Merging codes and undoing it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from engagement.codes.models import Code
from engagement.codes.tree import in_order, on_themes, with_parts
from engagement.statements.recoding import delete_code, merge_codes, undo_merge
from tests.factories import make_statement, make_theme, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def codes_of(statement) -> list[str]:
    return sorted(str(one) for one in statement.codes.all())


def code(name: str, **fields) -> Code:
    return Code.objects.create(name=name, **fields)


def test_merged_code_gives_its_statements_away_and_gets_them_back():
    one, both = make_statement(codes=["woning"]), make_statement(codes=["woning", "huis"])
    gone, kept = Code.objects.get(name="woning"), Code.objects.get(name="huis")
    part = code("huur", parent=gone)
    merge = merge_codes(gone=gone, kept=kept, by=make_user())
    assert (codes_of(one), codes_of(both)) == (["huis"], ["huis"])
    assert Code.objects.get(pk=part.pk).parent == kept
    assert gone not in Code.objects.in_use()
    undo_merge(merge=merge)
    undo_merge(merge=merge)
    assert (codes_of(one), codes_of(both)) == (["woning"], ["huis", "woning"])
    assert Code.objects.get(pk=part.pk).parent == gone


def test_what_was_changed_since_stays_when_a_merge_is_undone():
    statement, later = make_statement(codes=["woning"]), make_statement(codes=["huis"])
    gone, kept = Code.objects.get(name="woning"), Code.objects.get(name="huis")
    merge = merge_codes(gone=gone, kept=kept, by=make_user())
    statement.coded.all().delete()
    undo_merge(merge=merge)
    assert (codes_of(statement), codes_of(later)) == ([], ["huis"])


def test_code_is_not_merged_into_its_own_part_nor_twice_nor_brought_back_beside_a_new_one():
    above = code("ruimte")
    part, other = code("hal", parent=above), code("wonen")
    with pytest.raises(ValidationError, match="is part of"):
        merge_codes(gone=above, kept=part, by=make_user())
    merge = merge_codes(gone=part, kept=other, by=make_user())
    with pytest.raises(ValidationError, match="merged already"):
        merge_codes(gone=part, kept=above, by=make_user())
    code("Hal")
    with pytest.raises(ValidationError, match="another code"):
        undo_merge(merge=merge)


def test_code_in_use_is_not_deleted():
    make_statement(codes=["hal"])
    used = Code.objects.get()
    with pytest.raises(ValidationError, match="Statements with this code: 1"):
        delete_code(code=used)
    free = code("vrij")
    delete_code(code=free)
    assert list(Code.objects.all()) == [used]


def test_codes_hang_on_the_theme_of_what_is_above_them():
    theme = make_theme()
    above = code("ruimte", theme=theme)
    below, aside = code("hal", parent=above), code("wonen")
    assert [(str(one.code), one.depth) for one in in_order()] == [("ruimte", 0), ("hal", 1), ("wonen", 0)]
    assert on_themes([theme.pk]) == with_parts([above.pk]) == {above.pk, below.pk}
    assert with_parts([aside.pk]) == {aside.pk}


def test_circle_and_double_name_are_refused():
    above = code("ruimte")
    below = code("hal", parent=above)
    above.parent = below
    with pytest.raises(ValidationError, match="part of this code itself"):
        above.full_clean(exclude=["key"])
    with pytest.raises(ValidationError, match="is there already"):
        Code(name="HAL").full_clean(exclude=["key"])
