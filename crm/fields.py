"""Form fields that Django lacks."""

from typing import Any

from django import forms

# The digits of the largest number that a BigAutoField can hold; SQLite cannot even compare with a larger one.
MOST_DIGITS = 18


def numbers_in(values: list[str]) -> list[int]:
    """Those of `values` that can be somebody's primary key."""
    return [int(value) for value in values if value.isdecimal() and len(value) <= MOST_DIGITS]


class PickField(forms.ModelMultipleChoiceField[Any]):
    """Several rows to tick; a number that no row can have is refused as any other wrong choice."""

    def clean(self, value: Any) -> Any:
        for one in value or []:
            if len(str(one)) > MOST_DIGITS and str(one).isdecimal():
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": one}
                )
        return super().clean(value)
