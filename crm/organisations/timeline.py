"""How changes to an organisation read on the timeline."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

CREATED = register(EntryKind("organisation.created", "building-2", "change", _("%(title)s added by %(by)s")))
CHANGED = register(EntryKind("organisation.changed", "pencil", "change", _("%(title)s changed by %(by)s")))
