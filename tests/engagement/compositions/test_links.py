"""Links are followed in the background, and nowhere where a stranger could not go."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from engagement.compositions import links, services
from engagement.compositions.checks import problems, warnings
from engagement.compositions.links import answer_of, answers_of, is_public, spelling_problem
from engagement.compositions.models import Block, Composition
from engagement.mailings.models import Mailing
from tasks.links import check
from tests.factories import write


class Site(BaseHTTPRequestHandler):
    """Answers with what the path says; `asked` is what it was asked."""

    asked: list[tuple[str, str]] = []

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.asked.append((self.command, self.path))
        word = self.path.strip("/").split("?")[0]
        if word == "drop":
            self.connection.close()
        elif word == "only-get":
            self.send_response(405 if self.command == "HEAD" else 200)
            self.end_headers()
        elif word.startswith("to-"):
            self.send_response(302)
            self.send_header("Location", LEADS_TO.get(word, f"/{word.removeprefix('to-')}"))
            self.end_headers()
        else:
            self.send_response(int(word) if word.isdecimal() else 200)
            self.end_headers()

    def log_message(self, *args: object) -> None:
        """Not into the output of the tests."""


LEADS_TO = {
    "to-itself": "/to-itself",
    "to-file": "file:///etc/passwd",
    "to-inside": "http://127.0.0.2:1/",
    "to-nowhere": "",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as public, as no other does."""
    monkeypatch.setattr(links, "is_public", lambda address: address == "127.0.0.1")


@pytest.mark.usefixtures("reachable")
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", "200"),
        ("", "200"),
        ("/?a=1&b=é#part", "200"),
        ("/404", "404"),
        ("/410", "410"),
        ("/500", "500"),
        ("/only-get", "200"),
        ("/to-404", "404"),
        ("/to-to-to-200", "200"),
        ("/to-nowhere", "302"),
        ("/to-itself", "too many redirects"),
        ("/to-file", "no answer"),
        ("/to-inside", "not public"),
        ("/drop", "no answer"),
    ],
)
def test_answer_of_a_site(site, path, answer):
    assert answer_of(site + path) == answer


@pytest.mark.usefixtures("reachable")
def test_site_is_asked_with_head_and_once_more_with_get_where_that_is_refused(site):
    Site.asked.clear()
    answer_of(f"{site}/200")
    answer_of(f"{site}/404")
    assert Site.asked == [("HEAD", "/200"), ("HEAD", "/404"), ("GET", "/404")]


@pytest.mark.usefixtures("reachable")
def test_five_redirects_are_followed_and_no_sixth(site):
    Site.asked.clear()
    answer_of(f"{site}/to-itself")
    assert len(Site.asked) == 6


def test_machine_itself_and_what_lies_behind_it_is_not_asked(site):
    Site.asked.clear()
    assert answer_of(f"{site}/200") == "not public"
    assert answer_of(site.replace("127.0.0.1", "localhost")) == "not public"
    assert Site.asked == []


def test_own_pages_may_be_asked(site, settings):
    settings.BASE_URL = site
    assert answer_of(f"{site}/200") == "200"
    assert answer_of("http://127.0.0.1:1/") == "not public"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1"),
        *("224.0.0.1", "255.255.255.255", "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "ff0e::1"),
        *("2002:7f00:1::", "64:ff9b::7f00:1", "::"),
        *("::127.0.0.1", "::8.8.8.8", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "fec0::1"),
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address):
    assert is_public(address)


@contextmanager
def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> Iterator[list[str]]:
    """Each look-up of a name gives the next of `answers`; yields the names that were looked up."""
    looked_up: list[str] = []

    def fake(host: str, port: int, **options: int) -> list[tuple[object, ...]]:
        looked_up.append(host)
        found = answers[min(len(looked_up), len(answers)) - 1]
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(links, "getaddrinfo", fake)
    yield looked_up


def test_host_with_one_address_inside_is_not_asked(monkeypatch):
    with names(monkeypatch, ["93.184.216.34", "127.0.0.1"]):
        assert answer_of("http://two.example/") == "not public"


@pytest.mark.usefixtures("reachable")
def test_connection_goes_to_the_address_that_was_looked_at(site, monkeypatch):
    """A name that leads somewhere else at the second look is not looked up a second time."""
    port = site.rpartition(":")[2]
    with names(monkeypatch, ["127.0.0.1"], ["10.0.0.1"]) as looked_up:
        assert answer_of(f"http://rebinding.example:{port}/200") == "200"
    assert looked_up == ["rebinding.example"]


def unknown(monkeypatch: pytest.MonkeyPatch, error: int, *known: str) -> None:
    """Only the names in `known` can be looked up; every other one ends in `error`."""

    def fake(host: str, *args: object, **options: object) -> list[tuple[object, ...]]:
        if host not in known:
            raise socket.gaierror(error, "")
        return [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443))]

    monkeypatch.setattr(links, "getaddrinfo", fake)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.EAI_NONAME, "unknown host"),
        (socket.EAI_NODATA, "unknown host"),
        (socket.EAI_AGAIN, "no answer"),
        (socket.EAI_FAIL, "no answer"),
    ],
)
def test_host_that_does_not_exist_is_told_from_one_that_cannot_be_asked_for_now(monkeypatch, error, said):
    unknown(monkeypatch, error, "a.root-servers.net")
    assert answer_of("https://nowhere.example/") == said


@pytest.mark.parametrize("error", [socket.EAI_NONAME, socket.EAI_NODATA])
def test_machine_that_finds_no_name_at_all_says_nothing_about_a_host(monkeypatch, error):
    unknown(monkeypatch, error)
    assert answer_of("https://nowhere.example/") == "not checked"


def test_newsletter_goes_out_from_a_machine_without_names(mailing, monkeypatch):
    unknown(monkeypatch, socket.EAI_NONAME)
    check()
    assert problems(mailing) == []
    assert [words.partition(": ")[0] for words in warnings(mailing)] == ["Blok 1 (tekst)", "Blok 2 (knop)"]


@pytest.mark.usefixtures("reachable")
def test_silent_site_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(links, "_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert answer_of(f"http://127.0.0.1:{silent.getsockname()[1]}/") == "no answer"


@pytest.mark.usefixtures("reachable")
def test_many_links_are_not_waited_for_longer_than_all_may_take(site, monkeypatch):
    monkeypatch.setattr(links, "_PATIENCE", 0.3)
    monkeypatch.setattr(links, "_TIMEOUT", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert answers_of([f"{site}/200", slow, "mailto:jan@example.org"]) == {
            f"{site}/200": "200",
            slow: "no answer",
        }


@pytest.mark.parametrize(
    "url", ["http://a b/", "http://[x/", "http://x:99999/", "http://ex\x00ample/", "http://é" + "x" * 70]
)
def test_address_that_is_none_is_no_error(url):
    assert answer_of(url) in ("no answer", "unknown host", "not checked")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://example.org:8080/a?b=c#d",
        "https://münchen.example/ö",
        "mailto:a@b.nl",
        "HTTPS://X.nl",
    ],
)
def test_address_that_is_written_well(url):
    assert spelling_problem(url) == ""


# --- what becomes of the answers


@pytest.fixture
def mailing(db: None) -> Mailing:
    block = Block(kind="text", text_nl="[a](https://a.example/) [b](mailto:b@example.org)")
    return write("newsletter", block, Block(kind="button", text_nl="b", url="https://b.example/"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found = {"https://a.example/": "200", "https://b.example/": "200"}
    monkeypatch.setattr(links, "answer_of", lambda url: found[url])
    return found


@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("answer", "problem", "warning"),
    [
        ("200", "", ""),
        ("302", "", ""),
        ("404", "de pagina antwoordt 404.", ""),
        ("410", "de pagina antwoordt 410.", ""),
        ("unknown host", "die site bestaat niet.", ""),
        ("not public", "dit adres kan niet iedereen openen.", ""),
        ("403", "", "de pagina antwoordt 403."),
        ("503", "", "de pagina antwoordt 503."),
        ("no answer", "", "de site antwoordde niet."),
        ("too many redirects", "", "het verwijst steeds verder door."),
    ],
)
def test_what_is_gone_is_a_problem_and_what_may_pass_a_warning(mailing, answers, answer, problem, warning):
    answers["https://b.example/"] = answer
    check()
    where = "Blok 2 (knop): https://b.example/: "
    assert problems(mailing) == ([where + problem] if problem else [])
    assert warnings(mailing) == ([where + warning] if warning else [])


def test_links_are_asked_once_until_the_words_change_or_a_day_has_gone(mailing, answers):
    now = timezone.now()
    assert [services.check_links(now=now), services.check_links(now=now)] == [1, 0]
    assert Composition.objects.get().link_checks["https://a.example/"] == {
        "answer": "200",
        "at": now.isoformat(),
    }
    assert services.check_links(now=now + timedelta(days=1)) == 0
    assert services.check_links(now=now + timedelta(days=1, seconds=1)) == 1
    composition = Composition.objects.with_content().get()
    services.save(composition=composition, blocks=[Block(kind="text", text_nl="x")])
    assert services.check_links(now=now) == 1
    assert Composition.objects.get().link_checks == {}


def test_worker_that_has_followed_links_long_enough_rings_for_the_rest(mailing, answers, monkeypatch):
    write("newsletter", Block(kind="text", text_nl="zonder link"))
    rung: list[str] = []
    monkeypatch.setattr(services, "ring", rung.append)
    monkeypatch.setattr(services, "_LONG_ENOUGH", -1)
    assert (services.check_links(), rung) == (0, [links.TASK])
    monkeypatch.setattr(services, "_LONG_ENOUGH", 20)
    assert (services.check_links(), rung) == (2, [links.TASK])


def test_what_went_out_is_not_asked_every_day(mailing, answers):
    now = timezone.now()
    services.check_links(now=now)
    Mailing.objects.update(state="sending")
    assert services.check_links(now=now + timedelta(days=2)) == 0


def test_answer_about_words_that_changed_meanwhile_is_not_kept(mailing, monkeypatch):
    def slow(url: str) -> str:
        Composition.objects.update(updated_at=timezone.now())
        return "404"

    monkeypatch.setattr(links, "answers_of", lambda urls: {url: slow(url) for url in urls})
    services.check_links()
    assert Composition.objects.get().links_checked_at is None


def test_saving_rings_for_the_check(mailing, django_capture_on_commit_callbacks, monkeypatch):
    rung: list[str] = []
    monkeypatch.setattr("engagement.compositions.services.ring", rung.append)
    services.save(composition=Composition.objects.get(), blocks=[])
    assert rung == [links.TASK]
