"""What stands beside the code keeps its promises: pins, process files, containers."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from backend.celery import app
from bin.up import child_environment, read_procfile

ROOT = Path(__file__).resolve().parents[1]


def pins(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text().splitlines()
    found = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {canonicalize_name(one.name): one for one in found}


def needed_by(requirement: Requirement) -> list[Requirement]:
    """What it needs on this Python and platform, its chosen extras included."""
    try:
        wanted = [Requirement(text) for text in requires(requirement.name) or []]
    except PackageNotFoundError:
        return []
    extras = {"", *requirement.extras}
    return [
        one
        for one in wanted
        if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in extras)
    ]


@pytest.mark.parametrize("names", [["requirements.txt"], ["requirements.txt", "requirements-dev.txt"]])
def test_every_package_is_pinned_with_all_it_needs(names: list[str]) -> None:
    pinned = {name: one for file in names for name, one in pins(file).items()}
    assert all(re.fullmatch(r"==[^*,]+", str(one.specifier)) for one in pinned.values())
    queue, seen = list(pinned.values()), set(pinned)
    while queue:
        for one in needed_by(queue.pop()):
            if (name := canonicalize_name(one.name)) not in seen:
                seen.add(name)
                queue.append(one)
    assert seen - set(pinned) == set()


def test_procfile_has_all_processes_of_production() -> None:
    lines = (ROOT / "Procfile").read_text().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["release", "web", "worker", "beat"]


def test_procfile_of_make_up_is_complete() -> None:
    env = child_environment({"PORT": "8100"})
    commands = read_procfile(ROOT / "Procfile.dev", env)
    assert list(commands) == ["broker", "mail", "web", "worker", "beat"]
    assert "127.0.0.1:8100" in commands["web"]


def test_compose_runs_the_processes_of_the_procfile() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"release", "web", "worker", "beat", "postgres", "redis"}
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["release"] == {"condition": "service_completed_successfully"}


def test_image_has_what_the_processes_need() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "\nUSER kwartet\n" in text
    assert "requirements-dev" not in text


@pytest.mark.parametrize(
    ("port", "mail"), [("8000", "8025"), ("9000", "9025"), ("65535", "65508"), ("65509", "65534")]
)
def test_mail_ports_follow_port(port: str, mail: str) -> None:
    env = child_environment({"PORT": port})
    assert (env["MAIL_PORT"], env["MAIL_WEB_PORT"]) == (mail, str(int(mail) + 1))
    assert env["BASE_URL"] == f"http://127.0.0.1:{port}"
    assert env["EMAIL_URL"] == f"smtp://127.0.0.1:{mail}"


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_wrong_port_is_named(port: str) -> None:
    with pytest.raises(SystemExit, match=f"PORT is '{port}'"):
        child_environment({"PORT": port})


def test_given_addresses_win() -> None:
    env = child_environment({"BASE_URL": "http://localhost:8000", "EMAIL_URL": "smtp://127.0.0.1:25"})
    assert env["BASE_URL"] == "http://localhost:8000"
    assert env["EMAIL_URL"] == "smtp://127.0.0.1:25"


def test_every_module_with_tasks_is_loaded_by_the_worker() -> None:
    modules = {f"tasks.{path.stem}" for path in (ROOT / "tasks").glob("*.py") if path.stem != "__init__"}
    assert set(app.conf.include) == modules
    scheduled = {str(entry["task"]).rpartition(".")[0] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= modules


def test_no_form_takes_an_empty_post_for_no_post() -> None:
    """What is posted may be empty, as when every box is unticked, and is then false in Python."""
    idiom = re.compile(r"\b(POST|FILES|GET) or None\b")
    files = [file for folder in ("backend", "crm", "engagement") for file in (ROOT / folder).rglob("*.py")]
    assert [str(file.relative_to(ROOT)) for file in files if idiom.search(file.read_text())] == []
