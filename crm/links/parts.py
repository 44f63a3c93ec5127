"""What belongs to a contact of the links in mails."""

from django.utils.translation import gettext_lazy as _

from crm.base.parts import Journal, declare
from crm.links.models import Link


def _link(journal: Journal, there: Link, coming: Link, kept: dict[str, int]) -> None:
    """Both tokens stay good: they are in mails that went out."""
    journal.change(coming, superseded=True, **kept)


declare(Link, "contact", held=True, quiet=True, clash=_link, called=_("links in mails"))
