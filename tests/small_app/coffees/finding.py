from collections.abc import Iterable

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from tests.small_app.coffees.models import Coffee


def _find(text: str, reader: User) -> Iterable[Hit]:
    for coffee in Coffee.objects.filter(sort__icontains=text)[: MOST + 1]:
        yield Hit(coffee.sort, str(coffee.contact), coffee.get_absolute_url())


register_provider(Provider("Coffees", "sun", "coffees.view", _find, 50))
