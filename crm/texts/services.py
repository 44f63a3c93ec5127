"""Keeping the documents of texts equal to the texts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q

from crm.base.stems import language_of, stem
from crm.texts.kinds import KINDS, TextKind
from crm.texts.models import TextDocument
from crm.texts.queries import cut_words

BATCH = 500


@transaction.atomic
def keep_texts(model: type[Model], keys: Iterable[int]) -> None:
    """Write anew what the texts of these rows are found by; `model` has a registered kind."""
    kind = KINDS[model]
    numbers = sorted(set(keys))
    for start in range(0, len(numbers), BATCH):
        _keep(kind, numbers[start : start + BATCH])


def _keep(kind: TextKind, keys: list[int]) -> None:
    of_kind = ContentType.objects.get_for_model(kind.model)
    rows: Any = kind.model._default_manager.filter(pk__in=keys).prefetch_related(*kind.related)
    wanted = [document for row in rows for document in documents(kind, row)]
    there = TextDocument.objects.filter(content_type=of_kind, object_id__in=keys)
    known = {(one.object_id, one.language): one for one in there}
    gone = known.keys() - {(one.object_id, one.language) for one in wanted}
    TextDocument.objects.filter(pk__in=[known[place].pk for place in gone]).delete()
    TextDocument.objects.bulk_create(
        [one for one in wanted if not _is_same(one, known.get((one.object_id, one.language)))],
        update_conflicts=True,
        unique_fields=["content_type", "object_id", "language"],
        update_fields=["words", "stems"],
    )


def _is_same(one: TextDocument, other: TextDocument | None) -> bool:
    return other is not None and (one.words, one.stems) == (other.words, other.stems)


def documents(kind: TextKind, row: Any) -> list[TextDocument]:
    """What the texts of `row` should be found by, one for each language that it has words in."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language, text in kind.texts(row):
        words = cut_words(text)
        found[language or language_of(words)] += words
    return [
        TextDocument(
            content_type=ContentType.objects.get_for_model(kind.model),
            object_id=row.pk,
            language=language,
            words=f" {' '.join(words)} ",
            stems=" ".join(dict.fromkeys(stem(word, language) for word in words)),
        )
        for language, words in found.items()
        if words
    ]


def rebuild_texts() -> int:
    """Write every document anew that is not as it should be; the number of documents there are then."""
    kept = Q()
    for model in KINDS:
        keys = model._default_manager.order_by("pk").values("pk")
        keep_texts(model, keys.values_list("pk", flat=True))
        kept |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    TextDocument.objects.exclude(kept).delete()
    return TextDocument.objects.count()
