"""The second step of logging in: a code of an app (TOTP, RFC 6238), or one of ten that were written down."""

import base64
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from crm.accounts.roles import may

TOTP = Authenticator.Type.TOTP


def has_second_step(user: AbstractBaseUser) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=TOTP).exists()


def lacks_second_step(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether `user` has to add one first: when the settings ask it of all who may see people."""
    if not settings.MFA_REQUIRED or isinstance(user, AnonymousUser):
        return False
    return may(user, "contacts.view") and not has_second_step(user)


class SecondStepAdapter(DefaultMFAAdapter):
    """The secrets are encrypted under SECRET_KEY, so that the database alone makes no codes."""

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        required = settings.MFA_REQUIRED and may(authenticator.user, "contacts.view")
        return not required

    def get_totp_issuer(self) -> str:
        return f"Kwartet {settings.SITE_NAME}"

    def build_totp_svg(self, url: str) -> str:
        """As a part of a page, which has no declaration."""
        return super().build_totp_svg(url).partition("?>")[2]


def _keys() -> MultiFernet:
    """That of now, and former ones to read what they encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [sha256(f"second step {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
