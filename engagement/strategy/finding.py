"""Parts of the strategy, found from everywhere by their code, title and text in both languages."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from crm.base.text import fold
from engagement.strategy.models import StrategyItem
from engagement.strategy.tree import in_order


def _find(text: str, _reader: User) -> Iterable[Hit]:
    """Those in which every word occurs; there are dozens of parts, so they are read."""
    asked = fold(text).split()
    found = [item for item in in_order() if asked and all(word in _words(item) for word in asked)]
    return [
        Hit(str(item), str(item.get_kind_display()), item.get_absolute_url()) for item in found[: MOST + 1]
    ]


def _words(item: StrategyItem) -> str:
    texts = (item.code, item.title_nl, item.title_en, item.text_nl, item.text_en)
    return fold(" ".join(texts))


register_provider(
    Provider(heading=_("Strategy"), icon="git-branch", capability="strategy.view", find=_find, place=46)
)
