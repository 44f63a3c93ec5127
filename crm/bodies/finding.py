"""Bodies, found from everywhere by their names and what they are for."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import Hit
from crm.bodies.models import Body
from crm.texts.kinds import TextKind, register_texts


def _texts(body: Body) -> Iterable[tuple[str, str]]:
    return [("", body.purpose), ("nl", body.name_nl), ("en", body.name_en)]


def _readable(reader: User) -> QuerySet[Body]:
    return Body.objects.all()


def _shown(bodies: Sequence[Body], reader: User) -> Iterable[Hit]:
    return [Hit(str(body), "", body.get_absolute_url()) for body in bodies]


register_texts(
    TextKind(
        model=Body,
        heading=_("Bodies"),
        icon="armchair",
        capability="bodies.view",
        place=25,
        texts=_texts,
        readable=_readable,
        shown=_shown,
    )
)
