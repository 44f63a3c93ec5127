"""What is said of parts of the strategy that come in from a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from crm.base.said import sentence

NO_PARTS = sentence("strategy.no_column", _("It takes columns with the code in the strategy and the title."))
NO_TITLE = sentence("strategy.no_title", _("There is no Dutch title in this row."))
NO_PLACE = sentence(
    "strategy.no_place", _("“%(code)s” is no place in the strategy: it takes “1”, “1.2” or “1.2.3”.")
)
NO_PARENT = sentence(
    "strategy.no_parent",
    _("There is no part “%(code)s” to hang under, neither here nor in a row above this one that comes in."),
)
NO_OWNER = sentence("strategy.no_owner", _("No organisation here is called “%(name)s”; it was left out."))
NOT_READ = sentence("strategy.not_read", _("“%(text)s” was not understood and was left out."))
SAME_PART = sentence("strategy.same", _("The same part as in row %(row)d."))
OTHER_LEVEL = sentence(
    "strategy.other_level",
    _("%(code)s is a place on another level: a goal stays a goal, and a measure a measure."),
)
NO_CONTACT = sentence("strategy.no_contact", _("“%(who)s” is no contact here; it was left out."))
CONTACT_BY_ADDRESS = sentence(
    "strategy.contact_by_address",
    _("%(address)s is not of the contact with the number %(number)s; whose address it is was taken."),
)
PART_REFUSED = sentence("strategy.refused", _("This cannot be a part of the strategy. %(why)s"))
PART_MEANWHILE = sentence(
    "strategy.meanwhile", _("Somebody changed this part after the plan was made. Read the file again.")
)
PART_SINCE = sentence("strategy.since", _("Kept, because the part was changed since."))
PART_IN_USE = sentence("strategy.in_use", _("Kept, because something hangs on it by now."))
