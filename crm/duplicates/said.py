"""What is said of merges: why the history has a change, and what undoing one left as it is."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from crm.base.parts import words_of
from crm.base.said import Params, sentence


def _what(params: Params) -> Params:
    """Rows of `model` in words; with `field` that of a row."""
    model: Any = apps.get_model(params["model"])
    if "field" in params:
        return {**params, "what": model._meta.get_field(params["field"]).verbose_name}
    return {**params, "what": words_of(model)}


def _which(params: Params) -> Params:
    """The row that `values` were of, by its name where that can be told still."""
    row = apps.get_model(params["model"])(**params["values"])
    try:
        name = str(row)
    except ObjectDoesNotExist:
        name = str(row.pk)
    return {**_what(params), "which": name}


MERGED_WITH = sentence("merged", _("merged with %(name)s"))
MERGE_UNDONE = sentence("merge_undone", _("merge undone"))
REMOVED_OR_MOVED = sentence(
    "merge.removed_or_moved", _("%(number)s × %(what)s: removed or moved since."), _what
)
ONE_REMOVED = sentence("merge.one_removed", _("%(what)s: one was removed since."), _what)
CHANGED = sentence("merge.changed", _("%(what)s: changed since to “%(now)s”, and left so."), _what)
CANNOT_STAND = sentence(
    "merge.cannot_stand", _("%(what)s “%(which)s”: cannot stand beside what is there now."), _which
)
