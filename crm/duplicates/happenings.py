"""How a merge reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import FOUND_BY, HEARD, Kind, register, register_thing
from crm.duplicates.models import Merge

_EVERYTHING = frozenset({FOUND_BY, HEARD})
MERGED = register(
    Kind("merge.done", "git-merge", "change", _("Merged with %(title)s by %(by)s"), touches=_EVERYTHING)
)
UNMERGED = register(
    Kind("merge.undone", "undo-2", "change", _("Merge with %(title)s undone by %(by)s"), touches=_EVERYTHING)
)
register_thing("merge", Merge, capability="duplicates.merge")
