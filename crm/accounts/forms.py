"""What a user may set for themselves, and how they ask for a new password."""

from allauth.account.forms import ResetPasswordForm
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


class ResetForm(ResetPasswordForm):
    """Only who has this address now gets a link; allauth would also ask its own table of addresses."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        found = User.objects.filter(email__iexact=email, is_active=True)
        self.users = [user for user in found if user.has_address(email)]
        return email
