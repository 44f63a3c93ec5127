"""A small IMAP server on a real socket, with one folder: what Kwartet says to it must be right IMAP4rev1.

It knows the commands of RFC 3501 that reading a mailbox takes, answers BAD to any other and NO to a wrong
password, and sends a mail as a literal of counted bytes.
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Mailbox:
    """`mails` by UID; `flags` as set by STORE."""

    port: int = 0
    password: str = "s3cret"
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def put(self, *mails: bytes) -> None:
        for mail in mails:
            uid = 100 + len(self.mails)
            self.mails[uid] = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            self.flags[uid] = set()

    @property
    def config(self) -> dict[str, Any]:
        where = {"host": "127.0.0.1", "port": self.port, "folder": "INBOX", "ssl": False, "tls": False}
        return {"kind": "imap", "user": "bounces", "password": self.password, **where}


class _Handler(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self.mailbox: Mailbox = self.server.mailbox
        self.logged_in = self.selected = False
        self._say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            name = re.sub(r"^UID ", "UID ", command.upper()).split(" ")[:2]
            word = " ".join(name) if name[0] == "UID" else name[0]
            self.mailbox.commands.append(word)
            act = getattr(self, "do_" + word.replace(" ", "_"), None)
            allowed = word in {"CAPABILITY", "LOGIN", "LOGOUT"} or self.logged_in
            allowed = allowed and (self.selected or not word.startswith("UID"))
            self._say(f"{tag} {act(command) if act and allowed else 'BAD not now'}")
            if word == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def do_CAPABILITY(self, command: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_LOGIN(self, command: str) -> str:
        self.logged_in = command.split(" ")[1:] == ["bounces", f'"{self.mailbox.password}"']
        return "OK done" if self.logged_in else "NO wrong password"

    def do_SELECT(self, command: str) -> str:
        self.selected = command.split(" ")[1].strip('"') == "INBOX"
        self._say(f"* {len(self.mailbox.mails)} EXISTS")
        return "OK [READ-WRITE]" if self.selected else "NO no such folder"

    def do_UID_SEARCH(self, command: str) -> str:
        if not command.endswith("UNSEEN"):
            return "BAD not known"
        unseen = [str(uid) for uid, flags in self.mailbox.flags.items() if r"\Seen" not in flags]
        self._say(" ".join(["* SEARCH", *unseen]))
        return "OK done"

    def do_UID_FETCH(self, command: str) -> str:
        uid = int(command.split(" ")[2])
        if not command.endswith("(BODY.PEEK[])"):
            return "BAD this one would mark it as seen"
        raw = self.mailbox.mails[uid]
        self.wfile.write(f"* {uid - 99} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return "OK done"

    def do_UID_STORE(self, command: str) -> str:
        found = re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \(([^)]*)\)", command)
        if not found:
            return "BAD not known"
        self.mailbox.flags[int(found[1])] |= set(found[2].split())
        return "OK done"

    def do_LOGOUT(self, command: str) -> str:
        self._say("* BYE")
        return "OK done"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mailbox: Mailbox


@contextmanager
def imap_server() -> Iterator[Mailbox]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.mailbox = Mailbox(port=server.server_address[1])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.mailbox
        finally:
            server.shutdown()
