"""Each noun tells the rest what is its own, in files with these names; an app loads them when it is ready."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from types import ModuleType

# What is registered in each: sentences that are kept as codes, who may do what and the menu, what links open,
# kinds of happening and things with a page, what belongs to a contact or organisation, facets, what lists
# show and filter by, kinds of mail, what is found from everywhere, what rows of a spreadsheet can be, what
# became of a statement.
FILES = (
    "said",
    "access",
    "links",
    "happenings",
    "parts",
    "facets",
    "lists",
    "mails",
    "finding",
    "spreadsheets",
    "life",
)


def load_nouns(app: ModuleType) -> None:
    """Import those files of all nouns of `app`, which must be ready: they need its models."""
    folders = [one.name for one in walk_packages(app.__path__, f"{app.__name__}.") if one.ispkg]
    for name in FILES:
        for folder in folders:
            if find_spec(f"{folder}.{name}"):
                import_module(f"{folder}.{name}")
