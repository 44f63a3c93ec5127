"""What every test stands on: own folders, a real broker, quick passwords, plain static files."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from _pytest.runner import pytest_runtest_protocol as runtest_protocol
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils import translation

from backend.celery import app
from engagement.mailings.kinds import KINDS as MESSAGE_KINDS
from engagement.mailings.kinds import MessageKind
from tests.factories import plain_kind
from tests.harness import migrated
from tests.harness.services import valkey
from tests.harness.stack import KINDS, Stack, open_stack

SERVICES = ("PostgreSQL", "Redis", "Valkey", "Chromium", "Postfix")


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing a test writes reaches the folders of `make up`."""
    settings.VAR_DIR = tmp_path_factory.mktemp("var")
    # Empty, for WhiteNoise looks at every file in it, and each client of a test has a WhiteNoise of its own.
    settings.STATIC_ROOT = settings.VAR_DIR / "static"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of these tests begins as a copy of the migrated one of `make test`, where there is one."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(migrated.POSTGRES)
    elif migrated.SQLITE in os.environ:
        connection_created.connect(migrated.fill)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """A test that empties its database at its end does not fill it with Django's permissions, which Kwartet
    does not use: that would take longer than most of these tests.
    """
    assert post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    yield
    # A thread that ended may have left a connection, which would keep PostgreSQL from dropping the database.
    gc.collect()


@pytest.fixture(scope="session", autouse=True)
def broker() -> Iterator[str]:
    """The URL of a broker that no `make up` listens to: REDIS_URL when given, else an embedded Valkey."""
    if "REDIS_URL" in os.environ:
        yield settings.REDIS_URL
        return
    with valkey() as server:
        settings.REDIS_URL = server.url
        app.conf["broker_url"] = server.url.replace("unix://", "redis+socket://", 1)
        yield server.url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where REQUIRE_SERVICES is set, a test skipped for want of a service fails."""
    report = yield
    if os.environ.get("REQUIRE_SERVICES") and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if any(service in reason for service in SERVICES):
            report.outcome = "failed"
            report.longrepr = f"REQUIRE_SERVICES is set: {reason}"
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.when == "call" and report.failed and isinstance(stack, Stack):
        report.sections.append(("logs of the stack", stack.logs()))
    return report


@pytest.fixture(scope="module", params=KINDS)
def stack_kind(request: pytest.FixtureRequest) -> str:
    """For a test that opens its own stack: `with open_stack(stack_kind, workers=3) as stack`."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="module")
def stack(stack_kind: str) -> Iterator[Stack]:
    """Kwartet as real processes with one worker and one beat, once per kind and file, so a test leaves it in
    good health; mark the test `processes`."""
    with open_stack(stack_kind) as stack:
        yield stack


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks no database says on the second one what it said on the first."""
    for item in items:
        fixtures = getattr(item, "fixturenames", [])
        if not item.get_closest_marker("django_db") and not {"db", "transactional_db"} & set(fixtures):
            item.add_marker("without_database")


def pytest_collection_finish() -> None:
    """What is loaded by now stays; looking at it again and again takes a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _with_room(function: Callable[..., object], *args: object) -> object:
    return function(*args)


# Python keeps the frames of its calls in pieces of 16 kB. Where a loop happens to call across the end of a
# piece, each call maps a page of memory and gives it back, a tenth of the time of deep calls as Django's. A
# frame that asks for more than a piece gets a large one, in which all calls of a test have room.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=40_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    return _with_room(runtest_protocol, item, nextitem)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        pytest.skip("it needs PostgreSQL as the test database")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page activates its reader's language for the thread; the next test starts without."""
    yield
    translation.deactivate()


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> MessageKind:
    """A registered kind of mailing that asks nothing and chooses its people on the page for that."""
    kind = plain_kind()
    monkeypatch.setitem(MESSAGE_KINDS, kind.name, kind)
    return kind


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of outside material beside the clone; skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip("the folder shared/corpora is not beside this clone")
    return folder
