"""The mail server of `make up`: takes every mail, delivers none, and shows them on a page of its own.

The mails are files in VAR_DIR/mail. Both servers listen on 127.0.0.1 only. A mail's HTML is shown in a
sandbox without scripts or requests to elsewhere; only its links work.
"""

import itertools
import os
import re
import signal
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from backend.environment import read_environment

SHOWN = 300
HEADERS = ("From", "To", "Date", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
SANDBOX_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1c1b18; background: #fbf8f1 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .4rem .8rem .4rem 0;
       border-bottom: 1px solid #cfc8b8; vertical-align: top; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 3px solid #1c1b18; padding-left: 1rem }
iframe { width: 100%; height: 40rem; border: 1px solid #cfc8b8; background: #fff }
"""


class Mailbox:
    """The mails as files, newest last; a name is made of the time and a number."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._number = itertools.count()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store what arrived; aiosmtpd prescribes the name."""
        content = envelope.original_content or b""
        path = self._folder / f"{time.time_ns()}-{next(self._number)}.eml"
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.rename(path)
        return "250 Stored"

    def newest(self) -> list[str]:
        return sorted((path.stem for path in self._folder.glob("*.eml")), reverse=True)[:SHOWN]

    def raw(self, name: str) -> bytes | None:
        path = self._folder / f"{name}.eml"
        return path.read_bytes() if re.fullmatch(r"\d+-\d+", name) and path.is_file() else None


def parse(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def parts(mail: EmailMessage, kind: str) -> Iterator[str]:
    """The decoded text of each part of this content type."""
    for part in mail.walk():
        if part.get_content_type() == kind and not part.is_multipart():
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                yield payload.decode(part.get_content_charset("utf-8"), "replace")


def list_page(box: Mailbox) -> str:
    rows = []
    for name in box.newest():
        mail = parse(box.raw(name) or b"")
        cells = "".join(f"<td>{escape(str(mail[header] or ''))}</td>" for header in ("To", "Date"))
        subject = escape(str(mail["Subject"] or "(no subject)"))
        rows.append(f'<tr><td><a href="/mail/{name}">{subject}</a></td>{cells}</tr>')
    head = "<tr><th>Subject</th><th>To</th><th>Date</th></tr>"
    table = f"<table>{head}{''.join(rows)}</table>" if rows else "<p>No mail yet.</p>"
    return _page("Mail of this Kwartet", f"<p>Nothing here was delivered to anybody.</p>{table}")


def mail_page(name: str, raw: bytes) -> str:
    mail = parse(raw)
    rows = [
        f"<tr><th>{header}</th><td>{_linked(str(mail[header]))}</td></tr>"
        for header in HEADERS
        if mail[header]
    ]
    body = [f'<p><a href="/">All mail</a> · <a href="/mail/{name}/raw">Source</a></p>']
    body.append(f"<table>{''.join(rows)}</table>")
    if any(parts(mail, "text/html")):
        body.append(f'<h2>HTML</h2><iframe title="HTML part" src="/mail/{name}/html"></iframe>')
    for title, kind in (("Text", "text/plain"), ("Calendar", "text/calendar")):
        body += [f"<h2>{title}</h2><pre>{_linked(text)}</pre>" for text in parts(mail, kind)]
    return _page(str(mail["Subject"] or "(no subject)"), "".join(body))


def _linked(text: str) -> str:
    link = r'<a href="\1" target="_blank" rel="noreferrer">\1</a>'
    return re.sub(r"(https?://[^\s&<>]+(?:&amp;[^\s&<>]+)*)", link, escape(text))


def _page(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><link rel="stylesheet" href="/style.css">'
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )


class Reader(BaseHTTPRequestHandler):
    """Read-only: it answers GET, and only when asked by a name of this machine (against DNS rebinding)."""

    box: Mailbox

    def do_GET(self) -> None:
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in {"127.0.0.1", "localhost"}:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", "Ask for 127.0.0.1.")
        elif self.path == "/":
            self._answer(HTTPStatus.OK, "text/html", list_page(self.box))
        elif self.path == "/style.css":
            self._answer(HTTPStatus.OK, "text/css", STYLE)
        else:
            name, _, view = self.path.removeprefix("/mail/").partition("/")
            self._answer_mail(name, view)

    def _answer_mail(self, name: str, view: str) -> None:
        raw = self.box.raw(name)
        if raw is None or view not in {"", "raw", "html"}:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", "There is no such mail.")
        elif view == "raw":
            self._answer(HTTPStatus.OK, "text/plain", raw.decode("utf-8", "replace"))
        elif view == "html":
            html = "".join(parts(parse(raw), "text/html"))
            self._answer(HTTPStatus.OK, "text/html", f'<base target="_blank">{html}', SANDBOX_POLICY)
        else:
            self._answer(HTTPStatus.OK, "text/html", mail_page(name, raw))

    def _answer(self, status: HTTPStatus, kind: str, text: str, security: str = PAGE_POLICY) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", security)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing: addresses of mails need no log."""


def main() -> None:
    box = Mailbox(read_environment().var_dir / "mail")
    smtp = Controller(box, hostname="127.0.0.1", port=int(os.environ["MAIL_PORT"]), decode_data=False)
    smtp.start()
    web = ThreadingHTTPServer(
        ("127.0.0.1", int(os.environ["MAIL_WEB_PORT"])), type("BoxReader", (Reader,), {"box": box})
    )
    signal.signal(signal.SIGTERM, _end)
    try:
        web.serve_forever()
    finally:
        smtp.stop()


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
