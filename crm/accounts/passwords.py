"""What a password must be, and what a new one ends."""

from django.contrib.auth.password_validation import MinimumLengthValidator

from crm.accounts.models import User
from crm.accounts.tokens import remove_token


class LongPassword(MinimumLengthValidator):
    """Django tells its validators of a new password, whoever sets it and wherever; a hash that is only made
    anew with more rounds is none.
    """

    def password_changed(self, password: str, user: User) -> None:
        """Who changes a password does not trust the old one, nor what somebody made while having it."""
        remove_token(user=user)
