"""Interviews, found from everywhere by whom they were with."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.base.finding import MOST, Hit, Provider, register_provider
from crm.contacts.models import Contact
from crm.organisations.models import Organisation
from engagement.interviews.models import Interview


def _find(text: str, reader: User) -> Iterable[Hit]:
    with_people = Q(contacts__in=Contact.objects.search(text).order_by().values("pk"))
    for_places = Q(organisation__in=Organisation.objects.search(text).order_by().values("pk"))
    found = Interview.objects.filter(with_people | for_places).distinct().prefetch_related("contacts")
    for interview in found[: MOST + 1]:
        yield Hit(str(interview), _when(interview), interview.get_absolute_url())


def _when(interview: Interview) -> str:
    state = "" if interview.state in Interview.COUNTING else str(interview.get_state_display())
    if interview.held_at is None:
        return state
    day = formats.date_format(timezone.localtime(interview.held_at), "SHORT_DATE_FORMAT")
    return f"{day}, {state}" if state else day


register_provider(Provider(_("Interviews"), "message-square-quote", "interviews.view", _find, 40))
