"""A Postfix of its own, as a relay and as the server of two domains, all in a temporary folder."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.harness.processes import free_port

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mx.example.net
mydestination =
alias_maps =
alias_database =
recipient_delimiter = +
smtpd_peername_lookup = no
virtual_mailbox_domains = example.net, example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ {boxes} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
# Like a relay that does not know the people behind it: it takes anybody and says later who is unknown.
smtpd_reject_unlisted_recipient = no
"""
_SERVICES = {
    "pickup": "unix n - n 60 1 pickup",
    "cleanup": "unix n - n - 0 cleanup",
    "qmgr": "unix n - n 300 1 qmgr",
    "rewrite": "unix - - n - - trivial-rewrite",
    "bounce": "unix - - n - 0 bounce",
    "defer": "unix - - n - 0 bounce",
    "trace": "unix - - n - 0 bounce",
    "proxymap": "unix - - n - - proxymap",
    "error": "unix - - n - - error",
    "retry": "unix - - n - - error",
    "virtual": "unix - n n - - virtual",
    "showq": "unix n - n - - showq",
    "anvil": "unix - - n - 1 anvil",
    "tlsmgr": "unix - - n 1000? 1 tlsmgr",
    "postlog": "unix-dgram n - n - 1 postlogd",
}


# Nobody gets in without encryption and a password.
_LOGIN = """
smtpd_tls_cert_file = {folder}/certificate.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = example.net
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
_SASL = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
mech_list: PLAIN LOGIN
sasldb_path: {folder}/etc/sasl/passwords
"""


@dataclass(frozen=True)
class Postfix:
    """`tls_port` speaks TLS from the first byte, `port` after STARTTLS; only where there is a login."""

    port: int
    folder: Path
    tls_port: int = 0

    @property
    def certificate(self) -> Path:
        """What a client must trust."""
        return self.folder / "certificate.pem"

    def mails_of(self, box: str) -> list[bytes]:
        """What was delivered to this box and not read yet."""
        return [path.read_bytes() for path in sorted((self.maildir(box) / "new").glob("*"))]

    def maildir(self, box: str) -> Path:
        return self.folder / "mail" / box

    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""


@contextmanager
def postfix(*, login: tuple[str, str] | None = None, **boxes: str) -> Iterator[Postfix]:
    """One whose `boxes` are name=address; every other address of example.net and example.org is unknown.

    With `login`, a name and a password, it asks everybody for these, and for TLS. Skips where Postfix is not
    installed, or may not be started: its master process needs root.
    """
    program = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not program or os.getuid() != 0:
        pytest.skip("Postfix is not installed, or this is not root (bin/services install)")
    with TemporaryDirectory(prefix="kw-postfix-", dir="/var/tmp") as name:
        server = Postfix(free_port(), Path(name), free_port() if login else 0)
        _write(server, boxes)
        if login:
            _lock(server, *login)
        command = [program, "-c", str(server.folder / "etc")]
        subprocess.run([*command, "start"], check=True, capture_output=True, timeout=60)
        try:
            yield server
        finally:
            subprocess.run([*command, "abort"], check=False, capture_output=True, timeout=60)


def _write(server: Postfix, boxes: dict[str, str]) -> None:
    folder, owner, nobody = server.folder, pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir(mode=0o755)
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)
    lines = ", ".join(f"{{{address} = {box}/}}" for box, address in boxes.items())
    main = _MAIN.format(folder=folder, boxes=lines, uid=nobody.pw_uid, gid=nobody.pw_gid)
    (folder / "etc" / "main.cf").write_text(main)
    services = {f"127.0.0.1:{server.port}": "inet n - n - - smtpd", **_SERVICES}
    (folder / "etc" / "master.cf").write_text("".join(f"{name} {rest}\n" for name, rest in services.items()))


def _lock(server: Postfix, name: str, password: str) -> None:
    folder, etc = server.folder, server.folder / "etc"
    sasl = etc / "sasl"  # where Debian's Postfix looks
    sasl.mkdir(mode=0o755)
    (sasl / "smtpd.conf").write_text(_SASL.format(folder=folder))
    command = ["saslpasswd2", "-p", "-c", "-f", str(sasl / "passwords"), "-u", "example.net", name]
    subprocess.run(command, input=password, text=True, check=True)
    (sasl / "passwords").chmod(0o644)
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(server.certificate)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    with (etc / "main.cf").open("a") as file:
        file.write(_LOGIN.format(folder=folder))
    with (etc / "master.cf").open("a") as file:
        file.write(f"127.0.0.1:{server.tls_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n")
