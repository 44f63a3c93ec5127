"""What is said of outcomes and codes that come in from a spreadsheet."""

from django.utils.translation import gettext_lazy as _

from crm.base.said import sentence

NO_OUTCOMES = sentence(
    "outcomes.no_column",
    _("It takes columns with the Kwartet number, the part of the strategy and what became of it."),
)
NO_STATEMENT = sentence("outcome.no_statement", _("No statement here has this Kwartet number."))
NO_PART = sentence("outcome.no_part", _("No part of the strategy has the code “%(code)s”."))
NO_OUTCOME = sentence("outcome.not_read", _("“%(text)s” is none of the outcomes."))
SAME_PAIR = sentence("outcome.same", _("The same statement and part as in row %(row)d."))
CHANGED_MEANWHILE = sentence(
    "outcome.meanwhile",
    _("Somebody changed what became of this statement after the plan was made. Read the file again."),
)
CHANGED_SINCE = sentence("outcome.since", _("Kept, because what became of it was changed since."))
NO_CODES = sentence("codes.no_column", _("It takes a column with the names of codes."))
NO_PARENT = sentence(
    "code.no_parent", _("There is no code “%(code)s”, neither here nor in a row above this one.")
)
NO_THEME = sentence("code.no_theme", _("There is no theme “%(theme)s”."))
SAME_CODE = sentence("code.same", _("The same code as in row %(row)d."))
CODE_REFUSED = sentence("code.refused", _("This cannot be a code. %(why)s"))
CODE_SINCE = sentence("code.since", _("Left as it is, because somebody changed the code meanwhile."))
CODE_IN_USE = sentence("code.in_use", _("Kept, because statements or other codes need it by now."))
