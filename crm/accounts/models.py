"""The people who log in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.accounts.roles import TEAM, Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def of_team(self, *, besides: int | None = None) -> models.QuerySet[User]:
        """Who works with Kwartet today, by name, and the user with the key `besides`, whoever that is."""
        team = models.Q(is_active=True, groups__name__in=TEAM) | models.Q(pk=besides)
        return self.filter(team).distinct().order_by("name", "pk")

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of the team; logs in with an e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    # The columns chosen per list, {"contacts": ["sectors", "tags"]}; a list without an entry shows its own.
    columns: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(
        default=dict, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Asked from the database once per user object, so once per request."""
        names = set(self.groups.values_list("name", flat=True))
        if self.is_superuser:  # made by `manage.py createsuperuser`, the first admin of an installation
            names.add(Role.ADMIN.value)
        return frozenset(role for role in Role if role.value in names)

    def has_address(self, address: str) -> bool:
        """Letter for letter but for capitals: a database takes more letters for each other."""
        return self.email.lower() == address.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def valid(self) -> ApiTokenQuerySet:
        """Those that have not ended, of users who may log in."""
        return self.filter(expires_at__gt=timezone.now(), user__is_active=True)


class ApiToken(models.Model):
    """With it a program speaks for a user. Only its hash is kept; see tokens.py."""

    user = models.OneToOneField(User, models.CASCADE, related_name="api_token")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(digest=""), name="api_token_has_digest")]

    def __str__(self) -> str:
        return self.digest[:12]
