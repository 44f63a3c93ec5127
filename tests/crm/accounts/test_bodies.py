"""How much may be sent, and that more is refused unread."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MEGABYTE = 1 << 20


class Unread:
    """A body of which nobody may read a byte."""

    def read(self, *_arguments: Any) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def sent(client: Client, path: str, size: int) -> int:
    """The status of the answer to a body of `size` bytes."""
    body: dict[str, Any] = {"CONTENT_LENGTH": str(size), "wsgi.input": Unread()}
    return client.post(path, content_type="multipart/form-data; boundary=x", **body).status_code


@pytest.mark.parametrize("name", ["answer", "preferences", "unsubscribe"])
def test_large_body_to_a_page_of_a_mail_is_refused_unread(name):
    client = Client(enforce_csrf_checks=True)
    assert sent(client, reverse(name, args=["x"]), 40 * MEGABYTE) == 413


@pytest.mark.parametrize("name", ["account_login", "account_reset_password", "import_new", "api_contacts"])
def test_stranger_sends_no_large_body_anywhere(name):
    assert sent(Client(), reverse(name), MEGABYTE) == 413


@pytest.mark.parametrize(
    ("role", "name", "size"),
    [
        (Role.ADMIN, "import_new", 40),
        (Role.COMMUNICATIONS, "import_new", 20),
        (Role.ADMIN, "contact_new", 20),
        (None, "account_profile", 20),
    ],
)
def test_team_sends_files_only_where_it_may_and_not_more_than_is_read(client, role, name, size):
    client.force_login(make_user(role))
    assert sent(client, reverse(name), size * MEGABYTE) == 413


@pytest.mark.parametrize("size", [1, 20])
def test_body_that_is_asked_for_is_read(client, size):
    client.force_login(make_user(Role.ADMIN))
    with pytest.raises(AssertionError, match="was read"):
        sent(client, reverse("import_new"), size * MEGABYTE)


def test_refusal_says_how_much_may_be_sent(client):
    body: dict[str, Any] = {"CONTENT_LENGTH": str(MEGABYTE), "wsgi.input": Unread()}
    page = client.post(reverse("account_login"), headers={"Accept-Language": "en"}, **body)
    assert "at most 256 kB" in page.content.decode()
