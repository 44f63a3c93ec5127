"""Finding tags by their words, or making them."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from crm.base.text import fold
from crm.themes.models import Tag


@transaction.atomic
def tags_called(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, by key, made where there are none: "talent" is "Talent" if that is there."""
    wanted = {fold(name): name for name in names}
    # In order, so that two who make the same ones at once do not wait for each other.
    return [Tag.objects.get_or_create(key=key, defaults={"name": wanted[key]})[0] for key in sorted(wanted)]


def keys_of_tags(wanted: Mapping[str, str]) -> dict[str, int]:
    """The primary key of each tag by its key, for names given by key; made where there are none."""
    there = dict(Tag.objects.filter(key__in=wanted).values_list("key", "pk"))
    made = tags_called(name for key, name in wanted.items() if key not in there)
    return there | {tag.key: tag.pk for tag in made}
