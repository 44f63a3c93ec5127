"""Events, found from everywhere."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from engagement.events.models import Event


def _find(text: str, reader: User) -> Iterable[Hit]:
    """Those with every word in title or place."""
    found = Event.objects.all()
    for word in text.split():
        found = found.filter(
            Q(title_nl__icontains=word) | Q(title_en__icontains=word) | Q(place__icontains=word)
        )
    for event in found.order_by("-starts_at", "-pk")[: MOST + 1]:
        day = formats.date_format(timezone.localtime(event.starts_at), "SHORT_DATE_FORMAT")
        yield Hit(str(event), day, event.get_absolute_url())


register_provider(Provider(_("Events"), "calendar", "events.view", _find, 30))
