"""The shape of giving a conversation to somebody of the team."""

from typing import Any

from django import forms

from crm.accounts.models import User
from crm.base.fields import PickOneField


class AssignForm(forms.Form):
    interviewer = PickOneField(queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interviewer"].queryset = User.objects.of_team()  # type: ignore[attr-defined]
