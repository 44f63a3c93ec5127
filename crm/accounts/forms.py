"""What a user may set for themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User


class ProfileForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "language", "shortcuts"]
        widgets = {"language": forms.RadioSelect}
        labels = {
            "name": _("Your name"),
            "language": _("Language of Kwartet"),
            "shortcuts": _("Single-key shortcuts"),
        }
        help_texts = {"shortcuts": _("“/” then puts the cursor in the search field.")}
