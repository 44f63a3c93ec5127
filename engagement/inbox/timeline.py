"""How what came back by mail reads on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.timeline.kinds import EntryKind, register

BOUNCED = register(
    EntryKind("inbox.bounced", "mail-x", "mail", _("Address does not exist any more: %(address)s"))
)
FAILING = register(EntryKind("inbox.failing", "mail-x", "mail", _("Mail keeps coming back from %(address)s")))
COMPLAINED = register(
    EntryKind("inbox.complained", "bell-off", "mail", _("Reported our mail as unwanted"), by_person=True)
)
