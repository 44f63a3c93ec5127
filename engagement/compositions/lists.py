"""How one goes from a list of contacts to writing to it."""

from django.db.models import Q
from django.utils.translation import gettext, ngettext

from crm.contacts.listing import ListAction, register_list_action
from crm.contacts.models import ContactPoint


def _may_be_written_to() -> Q:
    return Q(pk__in=ContactPoint.objects.mailable().values("contact"))


def _words(number: int | None) -> str:
    if number is None:
        return gettext("Write to these people")
    return ngettext("Write to this %(n)s", "Write to these %(n)s", number) % {"n": number}


register_list_action(ListAction("composition_new", "mail", "mailings.send", _may_be_written_to, _words))
