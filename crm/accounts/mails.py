"""Mail about an account itself; it goes at once, past the outbox, like the link to a new password."""

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from crm.accounts.models import User


def tell_former_address(*, user: User, former: str) -> None:
    """Say at `former` that the account has another address now, without saying which.

    Once the transaction commits; a mail server that is down keeps nobody from changing an address.
    """

    def send() -> None:
        with translation.override(user.language):
            subject = render_to_string("account/email/address_changed_subject.txt").strip()
            text = render_to_string("account/email/address_changed_message.txt")
        send_mail(subject, text, None, [former])

    transaction.on_commit(send, robust=True)
