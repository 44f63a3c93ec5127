"""Who may do what: the one matrix, filled by the nouns. Roles are Django groups with these names."""

from enum import StrEnum

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Group
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    READER = "reader"
    CORE_TEAM = "core team"
    COMMUNICATIONS = "communications"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.READER: _("reader"),
    Role.CORE_TEAM: _("core team member"),
    Role.COMMUNICATIONS: _("communications adviser"),
    Role.ADMIN: _("admin"),
}

EVERYBODY = frozenset(Role)
TEAM = frozenset({Role.CORE_TEAM, Role.COMMUNICATIONS, Role.ADMIN})
SENDERS = frozenset({Role.COMMUNICATIONS, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

MATRIX: dict[str, frozenset[Role]] = {"settings.change": ADMINS}


def grant(capability: str, roles: frozenset[Role]) -> None:
    """Let `roles` do what is called `capability` ("contacts.view"); each noun does so in its `access.py`."""
    MATRIX[capability] = roles


def roles_of(user: AbstractBaseUser | AnonymousUser) -> frozenset[Role]:
    """The roles of `user`; none for a stranger, who has no such attribute."""
    roles: frozenset[Role] = getattr(user, "roles", frozenset())
    return roles


def may(user: AbstractBaseUser | AnonymousUser, capability: str) -> bool:
    """Whether `user` has `capability`, a key of MATRIX (KeyError for an unknown one)."""
    return bool(MATRIX[capability] & roles_of(user))


def create_groups() -> None:
    """Make the group of each role; harmless when they exist."""
    for role in Role:
        Group.objects.get_or_create(name=role.value)
