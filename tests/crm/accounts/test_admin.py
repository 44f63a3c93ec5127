"""The settings pages: an admin makes a colleague's account and gives it a role."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from crm.accounts.models import User
from crm.accounts.roles import Role, create_groups, may, roles_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    create_groups()
    client.force_login(make_user(Role.ADMIN))
    return client


def test_admin_makes_a_colleague_with_a_role(admin):
    group = Group.objects.get(name=Role.CORE_TEAM.value)
    response = admin.post(
        reverse("admin:crm_user_add"),
        {
            "email": "new@example.org",
            "name": "New Colleague",
            "language": "nl",
            "groups": [group.pk],
            "usable_password": "true",
            "password1": "a very long password",
            "password2": "a very long password",
        },
    )
    assert response.status_code == 302
    assert roles_of(User.objects.get(email="new@example.org")) == {Role.CORE_TEAM}


@pytest.mark.parametrize("page", ["crm_user", "crm_theme"])
def test_settings_pages_open(admin, page):
    assert admin.get(reverse(f"admin:{page}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:{page}_add")).status_code == 200


@pytest.mark.parametrize("page", ["crm_user_changelist", "crm_user_add"])
def test_roles_are_named_in_the_language_of_the_admin(admin, page):
    User.objects.update(language="nl")
    assert "kernteamlid" in admin.get(reverse(f"admin:{page}")).content.decode()


def test_user_page_opens(admin):
    assert admin.get(reverse("admin:crm_user_change", args=[User.objects.get().pk])).status_code == 200


def change(admin: Client, user: User, **fields: Any) -> None:
    known = {"email": user.email, "name": user.name, "language": user.language, "is_active": "on"}
    path = reverse("admin:crm_user_change", args=[user.pk])
    assert admin.post(path, {**known, **fields}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": "new@example.org"}, [["old@example.org"]]),
        ({"email": "OLD@example.org"}, []),
        ({"name": "Another"}, []),
    ],
)
def test_former_address_of_an_account_is_told_of_a_new_one(
    admin, mailoutbox, django_capture_on_commit_callbacks, fields, told
):
    user = User.objects.create_user("old@example.org", "a long password", name="Ilse")
    with django_capture_on_commit_callbacks(execute=True):
        change(admin, user, **fields)
    assert [mail.to for mail in mailoutbox] == told
    assert "new@example.org" not in str([mail.body for mail in mailoutbox])


def test_first_admin_of_an_installation_has_the_role():
    user = User.objects.create_superuser("first@example.org", "a long password", name="First")
    assert may(user, "settings.change")


def test_unknown_capability_is_an_error_of_ours():
    with pytest.raises(KeyError):
        may(make_user(), "contacts.juggle")
