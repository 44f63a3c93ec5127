"""The one filter of contacts: for the list, the API, exports and audiences. It knows no request."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied

from crm.accounts.models import User
from crm.contacts.listing import list_filters
from crm.contacts.models import Contact


class ContactFilter(django_filters.FilterSet):
    """`ContactFilter(data, queryset).qs`, by all filters that nouns registered. A bad value filters nothing
    and is an error: ask `is_valid()` first wherever a wider answer would do harm. For a `reader` it has the
    filters that are open to them, and raises PermissionDenied when `data` asks for another one.
    """

    class Meta:
        model = Contact
        fields: list[str] = []

    def __init__(self, data: Any, queryset: Any, *, reader: User | None = None) -> None:
        shut = {one.name for one in list_filters() if reader and not one.is_open_to(reader)}
        if any(name in data for name in shut):
            raise PermissionDenied
        self.base_filters = {one.name: one.field for one in list_filters() if one.name not in shut}
        super().__init__(data, queryset)


def filter_groups(form: forms.BaseForm) -> list[list[forms.BoundField]]:
    """The fields of its form as a page shows them: lists to tick, but for those without anything to tick; and
    the others.
    """
    shown = [one for one in list_filters() if not one.hidden and one.name in form.fields]
    ticked = [form[one.name] for one in shown if one.ticked]
    return [
        [field for field in ticked if field.errors or _has_choices(field)],
        [form[one.name] for one in shown if not one.ticked],
    ]


def _has_choices(field: forms.BoundField) -> bool:
    return any(True for _choice in getattr(field.field, "choices", ()))
