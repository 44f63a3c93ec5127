"""Mailings that somebody wrote, found from everywhere by their words."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import Hit
from crm.contacts.formality import VARIETIES
from crm.texts.kinds import TextKind, register_texts
from engagement.compositions.markdown import as_text, items_as_text
from engagement.compositions.models import Block, Composition
from engagement.mailings.kinds import KINDS

_PLAIN = {Block.Kind.TEXT: as_text, Block.Kind.LIST: items_as_text}


def _texts(composition: Composition) -> Iterable[tuple[str, str]]:
    """What it says in each variety, then the title that only the team sees."""
    for variety in VARIETIES:
        words = [
            composition.subject(variety),
            *(_plain(block, variety) for block in composition.blocks.all()),
        ]
        yield variety[:2], "\n".join(words)
    yield "", composition.mailing.title


def _plain(block: Block, variety: str) -> str:
    text = block.text(variety)
    return _PLAIN[Block.Kind(block.kind)](text) if block.kind in _PLAIN else text


def _readable(reader: User) -> QuerySet[Composition]:
    return Composition.objects.select_related("mailing").order_by("-mailing__created_at", "-pk")


def _shown(compositions: Sequence[Composition], reader: User) -> Iterable[Hit]:
    for mailing in (one.mailing for one in compositions):
        moment = timezone.localtime(mailing.sent_at or mailing.created_at)
        day = formats.date_format(moment, "SHORT_DATE_FORMAT")
        yield Hit(mailing.title, f"{KINDS[mailing.kind].label}, {day}", mailing.get_absolute_url())


register_texts(
    TextKind(
        model=Composition,
        heading=_("Mailings"),
        icon="mail",
        capability="mailings.view",
        place=60,
        texts=_texts,
        readable=_readable,
        shown=_shown,
        related=("mailing", "blocks"),
    )
)
