"""People, found from everywhere."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from crm.contacts.models import Affiliation, Contact


def _find(text: str, reader: User) -> Iterable[Hit]:
    for contact in _with_functions(Contact.objects.search(text)[: MOST + 1]):
        functions = "; ".join(str(row) for row in contact.current_affiliations)
        yield Hit(str(contact), functions, contact.get_absolute_url())


def _with_functions(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    current = Affiliation.objects.current().select_related("organisation")
    return contacts.prefetch_related(Prefetch("affiliations", current, to_attr="current_affiliations"))  # type: ignore[no-redef]


register_provider(Provider(_("People"), "users", "contacts.view", _find, 10, "contact_list"))
