"""How a merge reads on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

MERGED = register(EntryKind("merge.done", "git-merge", "change", _("Merged with %(title)s by %(by)s")))
UNMERGED = register(EntryKind("merge.undone", "undo-2", "change", _("Merge with %(title)s undone by %(by)s")))
