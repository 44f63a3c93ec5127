"""How one goes from a list of contacts to writing to it."""

from django.utils.translation import gettext, ngettext

from crm.contacts.listing import ListAction, register_list_action
from crm.preferences.rules import contacts_with_an_address


def _words(number: int | None) -> str:
    if number is None:
        return gettext("Write to these people")
    return ngettext("Write to this %(n)s", "Write to these %(n)s", number) % {"n": number}


register_list_action(ListAction("composition_new", "mail", "mailings.send", contacts_with_an_address, _words))
