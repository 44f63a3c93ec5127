"""Do the links in a mailing lead anywhere? Asked in the background, after it was written.

Somebody's words decide where we connect to. So only hosts whose every address is public are asked, and the
connection goes to the very address that was looked at: a name that answers differently a moment later
reaches nothing inside. The pages of this site itself are the exception.
"""

import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import EAI_NODATA, EAI_NONAME, create_connection, gaierror, getaddrinfo
from socket import socket as Socket
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from engagement.compositions.markdown import SCHEMES

TASK = "tasks.links.check"
Judge = Callable[[str], str]
UNKNOWN_HOST, NO_ANSWER, NOT_PUBLIC, ENDLESS = "unknown host", "no answer", "not public", "too many redirects"
NOT_CHECKED = "not checked"
# Every name is found by way of it, so where this one is unknown no name is known.
_ROOT = "a.root-servers.net"
# A page that is gone, in the words of RFC 9110 section 15.5.5 and 15.5.11.
_GONE = ("404", "410")
_TIMEOUT = 5  # seconds per step of a conversation
_PATIENCE = 20  # seconds for all links of a mailing together
_AT_ONCE = 8
_REDIRECTS = 5
_NAT64 = IPv6Network("64:ff9b::/96")
# Ways to write an address of one's own network that Python calls public: IPv4-compatible (RFC 4291 section
# 2.5.5.1), translated (RFC 2765 section 2.1), local NAT64 (RFC 8215) and site-local (RFC 3879).
_NEVER_PUBLIC = [IPv6Network(net) for net in ("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10")]
_AGENT = "Kwartet link check"


def spelling_problem(url: str) -> str:
    """Why nobody can follow `url`, in words; "" when its form is right."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # it raises on what is not a number
    except ValueError:
        return _("“%(url)s” is not an address.") % {"url": url}
    if not parts.scheme:
        return _("“%(url)s” must begin with https://, http:// or mailto:.") % {"url": url}
    if parts.scheme.lower() not in SCHEMES:
        return _("“%(url)s” is of a kind that mail programs do not open.") % {"url": url}
    by_mail = parts.scheme.lower() == "mailto"
    right = "@" in parts.path.strip("@") if by_mail else bool(parts.hostname)
    if not right or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        return _("“%(url)s” is not an address.") % {"url": url}
    return ""


def problem_of(answer: str) -> str:
    """In words why a link with this answer must not be sent; "" when it may."""
    if answer in _GONE:
        return _("the page answers %(answer)s.") % {"answer": answer}
    if answer == UNKNOWN_HOST:
        return _("there is no such site.")
    return _("not everybody can open this address.") if answer == NOT_PUBLIC else ""


def warning_of(answer: str) -> str:
    """In words what may be wrong; "" when the answer is good, or says that it must not be sent."""
    if answer == NO_ANSWER:
        return _("the site did not answer.")
    if answer == ENDLESS:
        return _("it leads on and on.")
    if answer == NOT_CHECKED:
        return _("it could not be checked: from here no site at all can be found.")
    troubled = answer.isdecimal() and answer >= "400" and answer not in _GONE
    return _("the page answers %(answer)s.") % {"answer": answer} if troubled else ""


def answers_of(urls: Iterable[str]) -> dict[str, str]:
    """The answer of each http address among `urls`: a status code or one of the words above."""
    asked = {url for url in urls if urlsplit(url).scheme.lower() in ("http", "https")}
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="links")
    running = {url: pool.submit(answer_of, url) for url in sorted(asked)}
    wait(running.values(), timeout=_PATIENCE)
    pool.shutdown(wait=False, cancel_futures=True)
    return {
        url: one.result() if one.done() and not one.cancelled() else NO_ANSWER for url, one in running.items()
    }


def answer_of(url: str) -> str:
    """HEAD, and GET where that is not liked; redirects are followed, each to a host that may be asked."""
    try:
        for _hop in range(_REDIRECTS + 1):
            status, location = _asked("HEAD", url)
            if status >= 400:
                status, location = _asked("GET", url)
            if not 300 <= status < 400 or not location:
                return str(status)
            url = urljoin(url, location)
    except gaierror as error:
        return _unresolved(error)
    except PermissionError:
        return NOT_PUBLIC
    except (OSError, HTTPException, ValueError):
        return NO_ANSWER
    return ENDLESS


def _unresolved(error: gaierror) -> str:
    """The host does not exist, or its names are not to be had now, or this machine has no names at all."""
    if error.errno not in (EAI_NONAME, EAI_NODATA):
        return NO_ANSWER
    try:
        getaddrinfo(_ROOT, None)
    except gaierror:
        return NOT_CHECKED
    return UNKNOWN_HOST


def _asked(method: str, url: str) -> tuple[int, str]:
    """The status and where it sends on; the body is not read."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url)
    connection = _Pinned(parts, _address_of(parts))
    try:
        target = parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl()
        headers = {"User-Agent": _AGENT, "Accept": "*/*", "Connection": "close"}
        connection.request(method, target.encode("ascii", "ignore").decode(), headers=headers)
        response: HTTPResponse = connection.getresponse()
        return response.status, response.getheader("Location", "")
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """Connects to the address that was looked at, whatever the name says by now."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self._secure = parts.scheme == "https"
        host = (parts.hostname or "").encode("idna").decode()
        super().__init__(host, _port_of(parts), timeout=_TIMEOUT)
        self._address = address

    def connect(self) -> None:
        self.sock: Socket = create_connection((self._address, self.port), self.timeout)
        if self._secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _address_of(parts: SplitResult) -> str:
    """An address of the host. PermissionError when any of them is not public; gaierror for no host."""
    found = getaddrinfo((parts.hostname or "").encode("idna").decode(), _port_of(parts), type=1)
    addresses = [str(entry[4][0]) for entry in found]
    if not _is_ours(parts) and not all(is_public(address) for address in addresses):
        raise PermissionError(parts.hostname)
    return addresses[0]


def _is_ours(parts: SplitResult) -> bool:
    own = urlsplit(settings.BASE_URL)
    return (parts.scheme, parts.hostname, _port_of(parts)) == (own.scheme, own.hostname, _port_of(own))


def is_public(address: str) -> bool:
    """On the public internet: neither this machine nor a network behind it, also not wrapped in IPv6."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and any(found in network for network in _NEVER_PUBLIC):
        return False
    return all(one.is_global and not one.is_multicast for one in (found, _within(found)) if one is not None)


def _within(found: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, or by NAT64 (RFC 6052)."""
    if isinstance(found, IPv4Address):
        return None
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour
