"""How what came back by mail reads on the timeline of a contact."""

from django.utils.translation import gettext_lazy as _

from crm.base.happenings import Kind, register

# The sentences name addresses of which some are old by now.
_VIEW = "mailings.view"
BOUNCED = register(
    Kind(
        "inbox.bounced",
        "mail-x",
        "mail",
        _("Address does not exist any more: %(address)s"),
        capability=_VIEW,
    )
)
FAILING = register(
    Kind("inbox.failing", "mail-x", "mail", _("Mail keeps coming back from %(address)s"), capability=_VIEW)
)
COMPLAINED = register(
    Kind(
        "inbox.complained",
        "bell-off",
        "mail",
        _("Reported our mail as unwanted"),
        by_person=True,
        capability=_VIEW,
    )
)
