"""Reads the environment variables of Kwartet and refuses wrong ones in plain words.

| variable | meaning | default |
| --- | --- | --- |
| DATABASE_URL | postgres://… or sqlite:////path | sqlite in VAR_DIR when BASE_URL is local |
| REDIS_URL | redis://…, rediss://… or unix:///path | socket of `make up` when BASE_URL is local |
| EMAIL_URL | smtp://, smtp+tls:// or smtp+ssl://user:password@host:port | smtp://127.0.0.1:8025 |
| BASE_URL | the public address, without a path | http://127.0.0.1:PORT |
| PORT | the port `make up` listens on | 8000 |
| SECRET_KEY | at least 50 characters | made once in VAR_DIR when BASE_URL is local |
| ALLOWED_HOSTS | comma-separated host names | the host of BASE_URL |
| DEFAULT_FROM_EMAIL | the sender, "Name <address>" | Kwartet <kwartet@example.org> |
| BOUNCE_ADDRESS | where bounces go; each mail gets a +TOKEN of its own in it | the sender, without a token |
| INBOX_URL | maildir:///path, or imaps:// or imap+tls://user:password@host/FOLDER, read for bounces | none |
| SEND_DELAY | seconds in which what somebody sends can be held back, 0 for none, at most 3600 | 60 |
| TRUSTED_PROXIES | networks of the proxies in front, comma-separated | 127.0.0.0/8, ::1 |
| VAR_DIR | folder of the embedded default's files | var/ beside manage.py |
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
EMAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
LONGEST_DELAY = 3600
INBOX_SCHEMES = {"imap": 143, "imap+tls": 143, "imaps": 993}


@dataclass(frozen=True)
class Environment:
    """The checked values; every problem found is reported at once."""

    base_url: str
    local: bool
    secret_key: str
    attachment_keys: list[bytes]
    allowed_hosts: list[str]
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    default_from_email: str
    bounce_address: str
    inbox: dict[str, Any]
    send_delay: int
    trusted_proxies: list[IPv4Network | IPv6Network]
    var_dir: Path


def read_environment(env: dict[str, str] | None = None) -> Environment:
    """Return the settings from `env`, or the process's own; raise ImproperlyConfigured with all problems."""
    values = dict(os.environ if env is None else env)
    problems: list[str] = []
    var_dir = Path(values.get("VAR_DIR") or ROOT / "var").resolve()
    base_url = values.get("BASE_URL") or f"http://127.0.0.1:{values.get('PORT') or 8000}"
    host = _base_host(base_url, problems)
    local = host in LOCAL_HOSTS
    environment = Environment(
        base_url=base_url.rstrip("/"),
        local=local,
        secret_key=_secret_key(values.get("SECRET_KEY", ""), local, var_dir, problems),
        attachment_keys=_attachment_keys(values.get("ATTACHMENT_KEYS", ""), problems),
        allowed_hosts=_allowed_hosts(values.get("ALLOWED_HOSTS", ""), host, local, problems),
        database=_database(values.get("DATABASE_URL", ""), local, var_dir, problems),
        redis_url=_redis_url(values.get("REDIS_URL", ""), local, var_dir, problems),
        email=_email(values.get("EMAIL_URL", ""), local, problems),
        default_from_email=_sender(values.get("DEFAULT_FROM_EMAIL", ""), local, problems),
        bounce_address=_bounce_address(values.get("BOUNCE_ADDRESS", ""), problems),
        inbox=_inbox(values.get("INBOX_URL", ""), problems),
        send_delay=_send_delay(values.get("SEND_DELAY", ""), problems),
        trusted_proxies=_trusted_proxies(values.get("TRUSTED_PROXIES", ""), problems),
        var_dir=var_dir,
    )
    if problems:
        raise ImproperlyConfigured("Kwartet cannot start:\n- " + "\n- ".join(problems))
    return environment


def _base_host(base_url: str, problems: list[str]) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        problems.append(f"BASE_URL is {base_url!r}; expected https://host without a path.")
    elif parts.scheme == "http" and parts.hostname not in LOCAL_HOSTS:
        problems.append("BASE_URL must be https:// unless the host is 127.0.0.1 or localhost.")
    return parts.hostname or ""


def _secret_key(key: str, local: bool, var_dir: Path, problems: list[str]) -> str:
    if key:
        if len(key) < 50:
            problems.append("SECRET_KEY is shorter than 50 characters.")
        return key
    if not local:
        problems.append(
            "SECRET_KEY is missing; make one with `python -c 'import secrets; "
            "print(secrets.token_urlsafe(50))'`."
        )
        return ""
    return _kept_secret_key(var_dir / "secret_key")


def _kept_secret_key(path: Path) -> str:
    """The key of the embedded default: made once, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text()


def _attachment_keys(text: str, problems: list[str]) -> list[bytes]:
    """Fernet keys, the one to encrypt with first; none where they follow from SECRET_KEY."""
    keys = [part.strip().encode() for part in text.split(",") if part.strip()]
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            problems.append("ATTACHMENT_KEYS holds something else than 32 bytes in URL-safe base64.")
    return keys


def _allowed_hosts(text: str, host: str, local: bool, problems: list[str]) -> list[str]:
    hosts = [part.strip() for part in text.split(",") if part.strip()]
    if "*" in hosts and not local:
        problems.append("ALLOWED_HOSTS may not be '*'; name the hosts.")
    return hosts or (sorted(LOCAL_HOSTS) if local else [host])


def _database(url: str, local: bool, var_dir: Path, problems: list[str]) -> dict[str, Any]:
    scheme = urlsplit(url).scheme
    if not url and local:
        var_dir.mkdir(parents=True, exist_ok=True)
        return _sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": str(var_dir / "kwartet.sqlite3")})
    if not url:
        problems.append("DATABASE_URL is missing; for example postgres://user:password@host:5432/kwartet.")
    elif scheme not in {"postgres", "postgresql", "sqlite"}:
        problems.append(f"DATABASE_URL begins with {scheme!r}; expected postgres:// or sqlite:///.")
    else:
        config = dict(environ.Env.db_url_config(url))
        return _sqlite(config) if scheme == "sqlite" else _postgres(config)
    return {}


def _sqlite(config: dict[str, Any]) -> dict[str, Any]:
    options = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    # Opening it takes 3 to 4 ms of a processor each time, since it reads what tables there are.
    return {**config, "CONN_MAX_AGE": 60, "OPTIONS": options}


def _postgres(config: dict[str, Any]) -> dict[str, Any]:
    options = {"connect_timeout": 5, **config.get("OPTIONS", {})}
    return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}


def _redis_url(url: str, local: bool, var_dir: Path, problems: list[str]) -> str:
    if not url and local:
        return f"unix://{_broker_socket(var_dir)}"
    scheme = urlsplit(url).scheme
    if not url:
        problems.append("REDIS_URL is missing; for example redis://host:6379/0.")
    elif scheme not in {"redis", "rediss", "unix"}:
        problems.append(f"REDIS_URL begins with {scheme!r}; expected redis://, rediss:// or unix:///path.")
    return url


def _broker_socket(var_dir: Path) -> Path:
    """In `var_dir`, or in a short folder of this user when that path is too long or too odd for a URL.

    The kernel takes 107 bytes at most (sun_path in unix(7)), 103 on macOS.
    """
    socket = var_dir / "broker.sock"
    if len(os.fsencode(socket)) <= 100 and re.fullmatch(r"[\w./-]+", str(socket), re.ASCII):
        return socket
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Path("/tmp") / f"kwartet-{os.getuid()}-{digest}" / "broker.sock"  # noqa: S108 - made with mode 0700


def _email(url: str, local: bool, problems: list[str]) -> dict[str, Any]:
    if not url and not local:
        problems.append("EMAIL_URL is missing; for example smtp+tls://user:password@mail.example.org:587.")
    parts = urlsplit(url or "smtp://127.0.0.1:8025")
    if parts.scheme not in EMAIL_SCHEMES or not parts.hostname:
        problems.append(
            "EMAIL_URL must look like smtp://, smtp+tls:// or smtp+ssl://user:password@host:port."
        )
        return {}
    return {
        "host": parts.hostname,
        "port": parts.port or EMAIL_SCHEMES[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme == "smtp+tls",
        "ssl": parts.scheme == "smtp+ssl",
    }


def _sender(text: str, local: bool, problems: list[str]) -> str:
    if not text and not local:
        problems.append(
            "DEFAULT_FROM_EMAIL is missing; for example 'Kennispark <post@kennispark.example.org>'."
        )
    sender = text or "Kwartet <kwartet@example.org>"
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(sender)[1]) or "\n" in sender or "\r" in sender:
        problems.append(f"DEFAULT_FROM_EMAIL is {sender!r}; expected 'Name <address>'.")
    return sender


def _bounce_address(address: str, problems: list[str]) -> str:
    """21 characters before the @ leave room for "+" and the 42 of a token (RFC 5321 section 4.5.3.1.1)."""
    if address and not re.fullmatch(r"[A-Za-z0-9._=-]{1,21}@[A-Za-z0-9.-]+", address):
        problems.append(
            f"BOUNCE_ADDRESS is {address!r}; expected an address with at most 21 plain characters "
            "before the @."
        )
    return address


def _send_delay(text: str, problems: list[str]) -> int:
    """Seconds between the button and the first mail."""
    if re.fullmatch(r"[0-9]{1,4}", text or "60") and int(text or 60) <= LONGEST_DELAY:
        return int(text or 60)
    problems.append(f"SEND_DELAY is {text!r}; expected seconds, from 0 for none to {LONGEST_DELAY}.")
    return 0


def _inbox(url: str, problems: list[str]) -> dict[str, Any]:
    """The mailbox that bounces come into; {} for none. A password travels encrypted, or not at all."""
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme == "maildir" and not parts.netloc and parts.path.startswith("/"):
        return {"kind": "maildir", "path": Path(unquote(parts.path))}
    encrypted = parts.scheme in {"imaps", "imap+tls"} or parts.hostname in LOCAL_HOSTS
    if parts.scheme not in INBOX_SCHEMES or not parts.hostname or not encrypted:
        problems.append(
            "INBOX_URL must look like maildir:///path, imaps://user:password@host/FOLDER or imap+tls://…."
        )
        return {}
    return {
        "kind": "imap",
        "host": parts.hostname,
        "port": parts.port or INBOX_SCHEMES[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme == "imap+tls",
        "ssl": parts.scheme == "imaps",
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }


def _trusted_proxies(text: str, problems: list[str]) -> list[IPv4Network | IPv6Network]:
    """By default what comes from this machine: only a process of ours can do so."""
    found = []
    for one in (text or "127.0.0.0/8,::1").split(","):
        try:
            found.append(ip_network(one.strip()))
        except ValueError:
            problems.append(f"TRUSTED_PROXIES has {one.strip()!r}; expected networks such as 10.0.0.0/24.")
    if any(network.prefixlen == 0 for network in found):
        problems.append("TRUSTED_PROXIES may not be everybody: then anybody says who they are.")
    return found
