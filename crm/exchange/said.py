"""What is said of cells that are not understood; `text` is what stands in them."""

from django.utils.translation import gettext_lazy as _

from crm.base.said import sentence

NO_SECTOR = sentence("cell.no_sector", _("“%(text)s” is none of the four O's."))
NO_DATE = sentence("cell.no_date", _("“%(text)s” is no date."))
NO_ANSWER = sentence("cell.no_answer", _("“%(text)s” is neither yes nor no."))
NO_EMAIL = sentence("cell.no_email", _("“%(text)s” is no e-mail address."))
NO_PHONE = sentence("cell.no_phone", _("“%(text)s” is no telephone number."))
NO_THEME = sentence("cell.no_theme", _("There is no theme “%(text)s”."))
NO_LANGUAGE = sentence("cell.no_language", _("“%(text)s” is neither Dutch nor English."))
NO_FORM_OF_ADDRESS = sentence("cell.no_form_of_address", _("“%(text)s” is no form of address."))
NO_WEBSITE = sentence("cell.no_website", _("“%(text)s” is no address of a website."))
NO_COUNTRY = sentence("cell.no_country", _("“%(text)s” is no country."))
EXTENSION = sentence("cell.extension", _("Not kept: extension %(extension)s of “%(text)s”."))
WORDS_BESIDE_PHONE = sentence("cell.words_beside_phone", _("Only the number was taken from “%(text)s”."))
LATEST_DATE = sentence("cell.latest_date", _("Of the dates in “%(text)s” the latest was taken: %(day)s."))
IMPOSSIBLE_DATE = sentence(
    "cell.impossible_date", _("“%(text)s” cannot be the day on which somebody was heard: it was not taken.")
)
COUNTRY_CODE_GUESSED = sentence(
    "cell.country_code_guessed", _("“%(text)s” was read as a number abroad: %(number)s.")
)
HOME_NUMBER_GUESSED = sentence(
    "cell.home_number_guessed",
    _("“%(text)s” was read as a Dutch number without its zero (%(number)s); it could be one abroad."),
)
DATE_EITHER_WAY = sentence(
    "cell.date_either_way",
    _("“%(text)s” was read as day and month, but other dates of this column begin with the month."),
)
OTHER_SECTORS = sentence("cell.other_sectors", _("Of the O's in “%(text)s” only the first was taken."))
