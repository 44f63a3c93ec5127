"""Somebody with a web browser without JavaScript: cookies, forms and redirects over real HTTP."""

import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path


@dataclass(frozen=True)
class Page:
    status: int
    url: str
    text: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path


class Visitor:
    """`cookies` is empty as long as nobody set one."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str, method: str = "GET") -> Page:
        return self._open(urllib.request.Request(self._url(path), method=method))

    def post(
        self, path: str, fields: dict[str, str | list[str]], file: tuple[str, Path] | None = None
    ) -> Page:
        """Send a form; behind a login with the CSRF token that the page's hidden field has."""
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), None)
        if token:
            fields = {**fields, "csrfmiddlewaretoken": token}
        body, content_type = _multipart(fields, file) if file else (_encoded(fields), None)
        request = urllib.request.Request(self._url(path), data=body, method="POST")
        request.add_header("Content-Type", content_type or "application/x-www-form-urlencoded")
        request.add_header("Referer", self._url(path))
        return self._open(request)

    def confirm(self, path: str, fields: dict[str, str | list[str]]) -> Page:
        """Send a form, and say yes to what is asked then."""
        asked = re.search(r'name="confirmed" value="([^"]*)"', self.post(path, fields).text)
        assert asked is not None, "nothing was asked"
        return self.post(path, {**fields, "confirmed": asked[1]})

    def log_in(self, email: str, password: str) -> None:
        self.get("/account/login/")
        page = self.post("/account/login/", {"login": email, "password": password})
        assert page.path == "/", f"{email} did not get in"

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.base_url + path

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            text = answer.read().decode("utf-8", "replace")
            return Page(answer.status or 0, answer.geturl(), text, headers)


def _encoded(fields: dict[str, str | list[str]]) -> bytes:
    return urllib.parse.urlencode(fields, doseq=True).encode()


def _multipart(fields: dict[str, str | list[str]], file: tuple[str, Path]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    name, path = file
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, values in fields.items()
        for value in ([values] if isinstance(values, str) else values)
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), path.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


def links_in(text: str, base_url: str, kind: str) -> list[str]:
    """The addresses in a mail that open `kind`: "a" answer, "p" preferences, "u" unsubscribe."""
    return re.findall(rf"{re.escape(base_url)}/{kind}/[\w-]+/(?:\?[\w=&]+)?", text)
