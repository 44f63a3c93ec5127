"""What lists of contacts can be filtered by of where people's data came from."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.contacts.listing import ListFilter, Said, register_filter
from crm.contacts.models import ContactQuerySet
from crm.provenance.models import Provenance


def _by_told(people: ContactQuerySet, name: str, state: str) -> ContactQuerySet:
    """Who came in by a list or a program and was not told so (GDPR art. 14), or not in time."""
    every = Provenance.objects
    found = every.to_tell() if state == "open" else every.late_on(timezone.localdate())
    return people.filter(pk__in=found.order_by().values("contact"))


def _said(state: str) -> Said:
    return [("", _("still to be told") if state == "open" else _("not told in time"))]


register_filter(
    ListFilter(
        "told",
        django_filters.ChoiceFilter(
            method=_by_told,
            label=gettext_lazy("Where the data come from"),
            choices=[
                ("open", gettext_lazy("still to be told")),
                ("late", gettext_lazy("not told in time")),
            ],
            empty_label=gettext_lazy("whatever"),
        ),
        chip=gettext_lazy("Where the data come from"),
        say=_said,
        place=120,
    )
)
