"""The variables are read as documented, and every wrong one is named."""

import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from backend.environment import read_environment

PRODUCTION = {
    "BASE_URL": "https://kwartet.example.org",
    "SECRET_KEY": "0123456789" * 5,
    "DATABASE_URL": "postgres://kwartet:p%40ss@db.example.org:5433/kwartet",
    "REDIS_URL": "rediss://broker.example.org:6380/1",
    "EMAIL_URL": "smtp+tls://post:p%40ss@mail.example.org",
    "DEFAULT_FROM_EMAIL": "Kennispark <post@example.org>",
}


def test_nothing_set_is_the_embedded_default(tmp_path: Path) -> None:
    environment = read_environment({"VAR_DIR": str(tmp_path)})
    assert environment.local
    assert environment.base_url == "http://127.0.0.1:8000"
    assert environment.allowed_hosts == ["127.0.0.1", "::1", "localhost"]
    assert environment.database["NAME"] == str(tmp_path / "kwartet.sqlite3")
    assert environment.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert environment.redis_url.startswith("unix:///")
    assert (environment.email["host"], environment.email["port"]) == ("127.0.0.1", 8025)
    assert environment.send_delay == 60


def test_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, second = (read_environment({"VAR_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_base_url_follows_port(tmp_path: Path) -> None:
    environment = read_environment({"VAR_DIR": str(tmp_path), "PORT": "8100"})
    assert environment.base_url == "http://127.0.0.1:8100"


def test_production_is_read(tmp_path: Path) -> None:
    environment = read_environment({**PRODUCTION, "VAR_DIR": str(tmp_path)})
    assert not environment.local
    assert environment.allowed_hosts == ["kwartet.example.org"]
    assert environment.database["ENGINE"] == "django.db.backends.postgresql"
    assert (environment.database["PASSWORD"], environment.database["PORT"]) == ("p@ss", 5433)
    assert environment.redis_url == PRODUCTION["REDIS_URL"]
    assert environment.email == {
        "host": "mail.example.org",
        "port": 587,
        "user": "post",
        "password": "p@ss",
        "tls": True,
        "ssl": False,
    }
    assert list(tmp_path.iterdir()) == []


def test_mailbox_for_bounces_is_read(tmp_path: Path) -> None:
    env = {"VAR_DIR": str(tmp_path), "BOUNCE_ADDRESS": "bounces@example.org"}
    imap = read_environment({**env, "INBOX_URL": "imaps://us%40er:p%2Fw@mail.example.org/INBOX.Bounces"})
    assert imap.bounce_address == "bounces@example.org"
    assert imap.inbox == {
        "kind": "imap",
        "host": "mail.example.org",
        "port": 993,
        "user": "us@er",
        "password": "p/w",
        "tls": False,
        "ssl": True,
        "folder": "INBOX.Bounces",
    }
    maildir = read_environment({**env, "INBOX_URL": "maildir:///var/mail/boun%20ces"})
    assert maildir.inbox == {"kind": "maildir", "path": Path("/var/mail/boun ces")}
    assert read_environment(env).inbox == {}


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"BASE_URL"}))
def test_production_without_a_variable_names_it(missing: str) -> None:
    env = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(ImproperlyConfigured, match=f"{missing} is missing"):
        read_environment(env)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("BASE_URL", "kwartet.example.org", "expected https://host without a path"),
        ("BASE_URL", "https://example.org/kwartet", "expected https://host without a path"),
        ("BASE_URL", "http://kwartet.example.org", "must be https://"),
        ("SECRET_KEY", "short", "shorter than 50"),
        ("ALLOWED_HOSTS", "*", "may not be '\\*'"),
        ("DATABASE_URL", "mysql://db/kwartet", "begins with 'mysql'"),
        ("REDIS_URL", "amqp://broker", "begins with 'amqp'"),
        ("EMAIL_URL", "mail.example.org", "must look like smtp://"),
        ("SEND_DELAY", "a minute", "expected seconds"),
        ("SEND_DELAY", "3601", "expected seconds"),
        ("SEND_DELAY", "-1", "expected seconds"),
        ("DEFAULT_FROM_EMAIL", "Kennispark", "expected 'Name <address>'"),
        ("BOUNCE_ADDRESS", "bounces", "expected an address"),
        ("BOUNCE_ADDRESS", f"{'b' * 22}@example.org", "at most 21"),
        ("BOUNCE_ADDRESS", "boun+ces@example.org", "plain characters"),
        ("INBOX_URL", "pop3://mail.example.org", "must look like maildir:///path"),
        ("INBOX_URL", "imap://user:secret@mail.example.org/INBOX", "must look like"),
        ("INBOX_URL", "maildir://relative/path", "must look like"),
    ],
)
def test_wrong_value_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"(?s){name}.*{words}"):
        read_environment({**PRODUCTION, name: value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read_environment({"BASE_URL": "https://kwartet.example.org"})
    assert str(error.value).count("is missing") == 5


@pytest.mark.parametrize("folder", ["a" * 120, "een map", "ruimte#1"])
def test_socket_of_an_odd_or_deep_folder_is_short_and_plain(tmp_path: Path, folder: str) -> None:
    url = read_environment({"VAR_DIR": str(tmp_path / folder)}).redis_url
    socket = url.removeprefix("unix://")
    assert len(os.fsencode(socket)) < 100
    assert socket == read_environment({"VAR_DIR": str(tmp_path / folder)}).redis_url.removeprefix("unix://")
    assert socket != read_environment({"VAR_DIR": str(tmp_path / f"{folder}2")}).redis_url.removeprefix(
        "unix://"
    )
    assert " " not in url
    assert "#" not in url


def test_trusted_proxies_are_networks_and_this_machine_by_default(tmp_path: Path) -> None:
    found = read_environment({"VAR_DIR": str(tmp_path)}).trusted_proxies
    assert [str(one) for one in found] == ["127.0.0.0/8", "::1/128"]
    proxies = {"TRUSTED_PROXIES": "10.1.2.0/24, 192.0.2.1", "VAR_DIR": str(tmp_path)}
    assert [str(one) for one in read_environment(proxies).trusted_proxies] == ["10.1.2.0/24", "192.0.2.1/32"]


@pytest.mark.parametrize("proxies", ["proxy.example.org", "10.1.2.3/24", "0.0.0.0/0", "::/0"])
def test_wrong_trusted_proxies_are_named(tmp_path: Path, proxies: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        read_environment({"TRUSTED_PROXIES": proxies, "VAR_DIR": str(tmp_path)})
