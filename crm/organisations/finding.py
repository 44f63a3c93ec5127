"""Organisations, found from everywhere."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from crm.organisations.models import Organisation


def _find(text: str, reader: User) -> Iterable[Hit]:
    for one in Organisation.objects.search(text)[: MOST + 1]:
        yield Hit(one.name, one.city, one.get_absolute_url())


register_provider(
    Provider(_("Organisations"), "building-2", "organisations.view", _find, 20, "organisation_list")
)
