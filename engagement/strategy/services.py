"""Making, changing, moving and deleting parts of the strategy. Whoever changes the tree holds all of it."""

from collections.abc import Mapping
from typing import Literal

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.base.parts import words_of
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import whole

Way = Literal["up", "down"]
# The number of what comes behind all others under the same one.
LAST = 9999


@transaction.atomic
def save_item(*, item: StrategyItem) -> StrategyItem:
    """Store a new or changed part; one that is new, or under another one now, comes last there."""
    _hold()
    before = StrategyItem.objects.filter(pk=item.pk).first()
    if before is None or before.parent_id != item.parent_id:
        item.position = _last_place()
    if before is None:
        item.code = f"new {item.uuid.hex[:12]}"
    else:
        item.version, item.code = before.version + 1, before.code
        if before.parent_id == item.parent_id:
            item.position = before.position
    item.save()
    _number()
    item.refresh_from_db(fields=["code", "position"])
    return item


@transaction.atomic
def move_item(*, item: StrategyItem, way: Way) -> None:
    """Change places with the one above or below it under the same parent; at the end it stays."""
    _hold()
    now = StrategyItem.objects.get(pk=item.pk)
    arrange(numbers={str(now.uuid): now.number + (-1 if way == "up" else 1)})


@transaction.atomic
def arrange(*, numbers: Mapping[str, int]) -> None:
    """Give the parts with these keys their number among those under the same one, counted from 1; a number
    that is too high means the last one. The others keep their order around them.
    """
    _hold()
    items = list(StrategyItem.objects.all())
    placed = [item for item in items if str(item.uuid) in numbers]
    below: dict[int | None, list[StrategyItem]] = {}
    for item in items:
        if str(item.uuid) not in numbers:
            below.setdefault(item.parent_id, []).append(item)
    for item in sorted(placed, key=lambda one: numbers[str(one.uuid)]):
        below.setdefault(item.parent_id, []).insert(max(numbers[str(item.uuid)] - 1, 0), item)
    for siblings in below.values():
        for position, item in enumerate(siblings):
            item.position = position
    StrategyItem.objects.bulk_update(items, ["position"])
    _number()


@transaction.atomic
def move_under(*, item: StrategyItem, parent: StrategyItem | None) -> StrategyItem:
    """It comes last there. ValidationError unless `parent` is what such a part can be under."""
    item.parent = parent
    item.clean()
    return save_item(item=item)


@transaction.atomic
def place_item(*, item: StrategyItem, parent: StrategyItem | None, number: int = LAST) -> None:
    """Put it under `parent` as the one with this number there. ValidationError as of move_under()."""
    if item.parent != parent:
        move_under(item=item, parent=parent)
    arrange(numbers={str(item.uuid): number})


@transaction.atomic
def delete_item(*, item: StrategyItem) -> None:
    """ValidationError with the reason while anything hangs on it. Its history goes too."""
    _hold()
    if uses := uses_of(item):
        words = _("%(item)s stays: it has %(uses)s.") % {"item": item, "uses": ", ".join(uses)}
        raise ValidationError(words)
    key = item.pk
    item.delete()
    StrategyItem.history.filter(id=key).delete()
    _number()


def uses_of(item: StrategyItem) -> list[str]:
    """What hangs on it, in words with their number: "evidence (3)"."""
    found = []
    for relation in StrategyItem._meta.related_objects:
        model = relation.related_model
        count = model._default_manager.filter(**{relation.field.name: item.pk}).count()
        words = _("parts under it") if model is StrategyItem else words_of(model)
        if count:
            found.append(f"{words} ({count})")
    return found


def _hold() -> None:
    """Wait for whoever else changes the tree; what is read after this is theirs too.

    An empty tree has no row to wait for, so the row that stands for this kind of thing is held as well.
    """
    kind = ContentType.objects.get_for_model(StrategyItem)
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)
    list(StrategyItem.objects.select_for_update().order_by("pk").values_list("pk"))


def _last_place() -> int:
    """Behind all others, so behind those under the same one too."""
    last: int = StrategyItem.objects.aggregate(last=Max("position", default=0))["last"]
    return last + 1


def _number() -> None:
    """Give every part its place and the code of it. No two have one code at any moment: that is unique."""
    tree = enumerate((branch for pillar in whole() for branch in pillar.walk()), 1)
    wrong = [
        (place, branch.code, branch.item)
        for place, branch in tree
        if (place, branch.code) != (branch.item.position, branch.item.code)
    ]
    for place, _code, item in wrong:
        item.position, item.code = place, f"was {item.pk}"
    StrategyItem.objects.bulk_update([item for _place, _code, item in wrong], ["position", "code"])
    for _place, code, item in wrong:
        item.code = code
    StrategyItem.objects.bulk_update([item for _place, _code, item in wrong], ["code"])
