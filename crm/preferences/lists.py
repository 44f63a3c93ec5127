"""What lists of contacts can be filtered by, and show, of what people want to receive."""

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.contacts.listing import Column, ListFilter, Row, register_column, register_filter
from crm.contacts.models import ContactQuerySet
from crm.preferences.models import Purpose
from crm.preferences.rules import contacts_who_may_receive, standing

_HEADINGS = {
    Purpose.INVITATION: gettext_lazy("Invitation"),
    Purpose.REMINDER: gettext_lazy("Reminder"),
    Purpose.NEWSLETTER: gettext_lazy("Newsletter"),
    Purpose.INTERVIEW: gettext_lazy("Interview"),
    Purpose.FEEDBACK: gettext_lazy("Feedback"),
    Purpose.SERVICE: gettext_lazy("Event messages"),
}
_USUAL = {Purpose.INVITATION, Purpose.NEWSLETTER, Purpose.INTERVIEW}


def _by_purpose(people: ContactQuerySet, name: str, purpose: str) -> ContactQuerySet:
    return people.filter(contacts_who_may_receive(purpose))


register_filter(
    ListFilter(
        "may_receive",
        django_filters.ChoiceFilter(
            method=_by_purpose,
            label=gettext_lazy("May be mailed for"),
            choices=Purpose.choices,
            empty_label=gettext_lazy("whatever"),
        ),
        chip=gettext_lazy("May be mailed for"),
        say=lambda one: [("", str(Purpose(one).label))],
        place=80,
    )
)


def _column(place: int, purpose: Purpose, heading: Promise) -> Column:
    def answer(row: Row) -> bool | None:
        found = standing(row.contact, purpose)
        return None if found is None else found.allowed

    def text(row: Row) -> str:
        said = answer(row)
        return "" if said is None else str(_("yes") if said else _("no"))

    return Column(purpose.value, heading, text, place, answer=answer, usual=purpose in _USUAL)


for _place, (_purpose, _heading) in enumerate(_HEADINGS.items(), 70):
    register_column(_column(_place, _purpose, _heading))
