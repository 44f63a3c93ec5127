"""The shape of whom somebody tells."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.base.fields import PickField
from engagement.statements.models import Speaker


class TellForm(forms.Form):
    speakers = PickField(
        queryset=Speaker.objects.all(),
        error_messages={"required": _("Tick at least one person.")},
    )
