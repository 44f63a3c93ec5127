"""Form fields that Django lacks."""

from typing import Any

import django_filters
from django import forms

# The digits of the largest number that a BigAutoField can hold; SQLite cannot even compare with a larger one.
MOST_DIGITS = 18


def numbers_in(values: list[str]) -> list[int]:
    """Those of `values` that can be somebody's primary key."""
    return [int(value) for value in values if value.isdecimal() and len(value) <= MOST_DIGITS]


class _OnlyPossibleNumbers:
    """A number that no row can have is refused as any other wrong choice."""

    error_messages: dict[str, Any]

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else [value]:
            if len(str(one)) > MOST_DIGITS and str(one).isdecimal():
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": one}
                )
        return super().clean(value)  # type: ignore[misc]


class PickField(_OnlyPossibleNumbers, forms.ModelMultipleChoiceField[Any]):
    """Several rows to tick."""


class PickOneField(_OnlyPossibleNumbers, forms.ModelChoiceField[Any]):
    """One row to choose."""


class PickFilterField(_OnlyPossibleNumbers, django_filters.fields.ModelMultipleChoiceField):
    """Several rows to tick in a filter."""


class PickFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = PickFilterField
