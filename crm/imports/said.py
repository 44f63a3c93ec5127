"""What is said of imports: of files, of the rows of a plan, of those that were applied or undone."""

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from crm.base.parts import words_of
from crm.base.said import Params, sentence
from crm.base.sectors import Sector
from crm.imports.columns.labels import field_labels


def _place(params: Params) -> Params:
    """ "row 12", and of which sheet when there are several."""
    text = _("row %(row)d of “%(sheet)s”") if params["sheet"] else _("row %(row)d")
    return {"place": text % params}


def _fields(params: Params) -> Params:
    return {"fields": field_labels(params["fields"])}


def _field(params: Params) -> Params:
    return {**params, "field": field_labels([params["field"]])}


def _sector(params: Params) -> Params:
    return {**params, "sector": Sector(params["sector"]).label}


def _columns(params: Params) -> Params:
    """By its heading, else by its number."""
    named = [_("column %d") % one if isinstance(one, int) else f"“{one}”" for one in params["columns"]]
    return {"columns": ", ".join(named)}


def _read_as(params: Params) -> Params:
    """[number, field] per column: "column 1: name, column 4: e-mail"."""
    told = [f"{_('column %d') % number}: {field_labels([field])}" for number, field in params["columns"]]
    return {"columns": ", ".join(told)}


# In what use somebody is, beside rows that point at them: those are named by their model.
BY_ANSWER, BY_TIMELINE, BY_IMPORT = "answer", "timeline", "import"
_USES = {
    BY_ANSWER: gettext_lazy("an answer about mail"),
    BY_TIMELINE: gettext_lazy("something on the timeline"),
    BY_IMPORT: gettext_lazy("another import"),
}


def _uses(params: Params) -> Params:
    uses = params["uses"]
    return {"uses": _USES[uses] if uses in _USES else words_of(apps.get_model(uses))}


def _merged(params: Params) -> Params:
    model = apps.get_model(params["model"])
    stays = model._default_manager.get(pk=params["key"])
    return {"name": stays, "fields": field_labels(params["fields"])}


# What a change of the history was caused by.
FILE = sentence("file", "%(name)s")

# Of a file.
NO_HEADINGS = sentence(
    "import.no_headings",
    gettext_lazy("No row with column headings was found: a heading like “Name” or “Organisation” is needed."),
)
NO_PEOPLE = sentence(
    "import.no_people",
    gettext_lazy("No column with names of people was found, so no row can become a contact."),
)
NO_ORGANISATIONS = sentence(
    "import.no_organisations", gettext_lazy("No column with names of organisations was found.")
)
NO_ROWS = sentence("import.no_rows", gettext_lazy("There are headings but no rows under them."))
COLUMNS_NOT_READ = sentence(
    "import.columns_not_read", gettext_lazy("These columns were not read: %(columns)s."), _columns
)
COLUMN_TWICE = sentence(
    "import.column_twice",
    gettext_lazy("“%(heading)s” was not read: there is one %(field)s, taken from “%(taken)s”."),
    _field,
)
COLUMN_CONTRADICTED = sentence(
    "import.column_contradicted",
    gettext_lazy("“%(heading)s” was not read: what stands in it does not look like %(field)s."),
    _field,
)
COLUMN_BY_VALUES = sentence(
    "import.column_by_values",
    gettext_lazy("“%(heading)s” was read as %(field)s, because of what stands in it."),
    _field,
)
COLUMNS_BY_VALUES = sentence(
    "import.columns_by_values",
    gettext_lazy("There are no headings. What stands in the columns told what they hold: %(columns)s."),
    _read_as,
)
DAY_FIRST = sentence(
    "import.day_first",
    gettext_lazy(
        "Nothing in “%(heading)s” tells whether the day or the month stands first. "
        "The day was taken as first: “%(text)s” is %(day)s."
    ),
)
SECTION_ROWS = sentence(
    "import.section_rows",
    ngettext_lazy(
        "%(count)d row that holds only a name was read as the organisation of the rows below it.",
        "%(count)d rows that hold only a name were read as the organisation of the rows below them.",
        "count",
    ),
)
CANNOT_BE_HANDLED = sentence(
    "import.cannot_be_handled",
    gettext_lazy("Something in this file cannot be handled. Save it as XLSX and try again."),
)

# Of a row that is planned.
NO_NAME = sentence("row.no_name", gettext_lazy("There is no name in this row."))
NOT_OF_THIS_NUMBER = sentence(
    "row.not_of_this_number",
    gettext_lazy("Nobody of this name has the Kwartet number %(number)s here."),
)
TOO_LONG = sentence("row.too_long", gettext_lazy("“%(start)s…” is longer than %(most)d characters."))
NEVER_INVITE = sentence("row.never_invite", gettext_lazy("A remark says not to invite."))
JOB_WITHOUT_PLACE = sentence(
    "row.job_without_place",
    gettext_lazy("Not kept, since there is no organisation: %(fields)s."),
    _fields,
)
NO_BEFORE = sentence(
    "row.no_before",
    gettext_lazy("This person said no before; a yes in a file does not change that."),
)
SAME_PERSON = sentence("row.same_person", gettext_lazy("The same person as in %(place)s."), _place)
SAME_ORGANISATION = sentence(
    "row.same_organisation", gettext_lazy("The same organisation as in %(place)s."), _place
)
BECOMES_ALIAS = sentence(
    "row.becomes_alias", gettext_lazy("Another name of “%(name)s”: it becomes an alias.")
)
SEVERAL_PEOPLE = sentence("row.several_people", gettext_lazy("Several people it could be."))
PERHAPS_AS_IN = sentence(
    "row.perhaps_as_in",
    gettext_lazy("Perhaps the same person as in %(place)s."),
    _place,
)
PERHAPS_KNOWN = sentence(
    "row.perhaps_known",
    gettext_lazy("Perhaps %(name)s, who is known already."),
)
SAME_CODE = sentence("row.same_code", gettext_lazy("The code is the same, the name is not."))
SAME_NAME_AT = sentence("row.same_name_at", gettext_lazy("The same name at %(place)s."))
SAME_NAME = sentence("row.same_name", gettext_lazy("The same name."))
OTHER_EMAIL = sentence("row.other_email", gettext_lazy("The e-mail address is another one."))

# Of what stands in a cell for a name.
SEVERAL_NAMES = sentence(
    "row.several_names",
    gettext_lazy("“%(text)s” seems to name several people: make a row for each, or take them as one."),
)
NAME_UNCLEAR = sentence(
    "row.name_unclear", gettext_lazy("It is not clear which part of “%(text)s” is the family name.")
)
OFFICE = sentence("row.office", gettext_lazy("“%(text)s” seems to be an office and not a person."))
COMPANY = sentence("row.company", gettext_lazy("“%(text)s” seems to be an organisation and not a person."))
ONE_OF_SEVERAL = sentence(
    "row.one_of_several",
    gettext_lazy(
        "“%(text)s” names %(count)d people with an address each: each of them has a row of their own."
    ),
)
VACANCY = sentence("row.vacancy", gettext_lazy("“%(text)s” is nobody yet."))
JOB_IN_NAME = sentence("row.job_in_name", gettext_lazy("“%(text)s” was read as the function."))
BEYOND_THE_LAST = sentence(
    "row.beyond_the_last",
    gettext_lazy("“%(text)s” stands in a column without a heading: is there a separator too many?"),
)
NOT_IN_NAME = sentence(
    "row.not_in_name", gettext_lazy("Beside the name stands “%(text)s”, which was not taken.")
)
SECTION = sentence(
    "row.section", gettext_lazy("The organisation is “%(name)s”, which stands alone in row %(row)d.")
)
LOST_CHARACTER = sentence(
    "row.lost_character",
    gettext_lazy("In “%(text)s” a character was lost when the file was saved."),
)
FROM_ABOVE = sentence(
    "row.from_above",
    gettext_lazy("The cell of the organisation is empty: “%(name)s” was taken from row %(row)d above it."),
)
SECTOR_SECTION = sentence(
    "row.sector_section", gettext_lazy("The O is %(sector)s, which stands alone in row %(row)d."), _sector
)
REPAIRED = sentence(
    "row.repaired", gettext_lazy("“%(before)s” was saved in a wrong way and was read as “%(after)s”.")
)

# Of a row that could not be applied.
PERSON_ADDED = sentence(
    "row.person_added",
    gettext_lazy("Somebody added this person after the plan was made. Read the file again."),
)
CONTACT_NOT_THERE = sentence(
    "row.contact_not_there",
    gettext_lazy("The contact that this row belongs to is not there. Read the file again."),
)
CONTACT_CHANGED = sentence(
    "row.contact_changed",
    gettext_lazy("Somebody changed this contact after the plan was made. Read the file again."),
)
ORGANISATION_ADDED = sentence(
    "row.organisation_added",
    gettext_lazy("Somebody added this organisation after the plan was made. Read the file again."),
)
ORGANISATION_NOT_THERE = sentence(
    "row.organisation_not_there",
    gettext_lazy("The organisation that this row belongs to is not there. Read the file again."),
)
NOT_TAKEN = sentence("row.not_taken", gettext_lazy("The database did not take this row (%(error)s)."))

# Of a row that is undone.
CONTACT_GONE = sentence("row.contact_gone", gettext_lazy("The contact is not there any more."))
ORGANISATION_GONE = sentence("row.organisation_gone", gettext_lazy("The organisation is not there any more."))
CHANGED_SINCE = sentence(
    "row.changed_since",
    gettext_lazy("Kept, because it was changed since: %(fields)s."),
    _fields,
)
# `model` and `key` say what it was merged into.
MERGED_SINCE = sentence(
    "row.merged_since",
    gettext_lazy("Kept, because it was merged into %(name)s since: %(fields)s."),
    _merged,
)
TOOK_IN_SINCE = sentence(
    "row.took_in_since",
    gettext_lazy("Kept, because another one was merged into it since: %(fields)s."),
    _fields,
)
IN_USE = sentence("row.in_use", gettext_lazy("Kept, because of %(uses)s."), _uses)
ORGANISATION_IN_USE = sentence(
    "row.organisation_in_use",
    gettext_lazy("The organisation is kept, because of %(uses)s."),
    _uses,
)
