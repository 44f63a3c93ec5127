"""Who asks, behind any proxies."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from crm.accounts.clients import client_of, real_address

OURS = [ip_network("10.0.0.0/8"), ip_network("::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger says so
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was made up
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),  # two proxies
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7, x", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("", "203.0.113.7", "203.0.113.7"),  # by a Unix socket
        ("", "", ""),
    ],
)
def test_client_is_the_last_address_that_is_no_proxy_of_ours(peer, forwarded, client):
    assert real_address(peer, forwarded, OURS) == client


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::1", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_client_of_ipv6_is_its_network(address, client):
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    assert client_of(request) == client


@pytest.mark.django_db
def test_every_view_sees_the_address_of_the_client(settings):
    settings.TRUSTED_PROXIES = OURS
    client = Client(headers={"X-Forwarded-For": "203.0.113.7"})
    request = client.get(reverse("account_login"), REMOTE_ADDR="10.0.0.1").wsgi_request
    assert request.META["REMOTE_ADDR"] == "203.0.113.7"
    assert "HTTP_X_FORWARDED_FOR" not in request.META
