"""How fast invitations go out: `make bench-send`; on PostgreSQL and Redis, to postfix's smtp-sink.

5,000 personal invitations in two languages with a calendar part, by two workers, beside three others in the
same run: one task and one connection per message; tasks of a hundred with Django's own mail on one
connection; and, as the limit, smtplib with finished messages on one connection. Also what the guarantees
cost (the same without the marks in the database), what building a mail costs beside Django, and sending at
20 ms round trip beside a connection per message. PostgreSQL is one of its own that waits for the disk.

Prints a table, then one line of JSON with the ratios of the medians over the rounds.
"""

import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from backend.environment import ROOT
from tests.harness.postgres import durable_postgres
from tests.harness.processes import Started, free_port
from tests.harness.services import redis_server
from tests.harness.waiting import wait_until

PEOPLE = int(os.environ.get("BENCH_MESSAGES", "5000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WORKERS = 2
# The slow ones are measured on fewer: their rate does not depend on the number.
FEW = {"naive": 400, "chunked": 1500}
DELAY = 0.010  # seconds each way


def main() -> None:
    rates: dict[str, list[float]] = defaultdict(list)
    with TemporaryDirectory(prefix="kw-bench-") as folder, ExitStack() as resources:
        port = resources.enter_context(smtp_sink(Path(folder)))
        env = {
            **os.environ,
            "DATABASE_URL": resources.enter_context(durable_postgres()).url,
            "REDIS_URL": resources.enter_context(redis_server()).url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "VAR_DIR": folder,
        }
        child(env, f"prepare({PEOPLE})")
        for _round in range(ROUNDS):
            rates["limit"].append(child(env, "limit()"))
            ours = by_workers(env, "ours", PEOPLE)
            rates["ours"].append(ours["sent"])
            rates["ours, timelines told"].append(ours["told"])
            bare = by_workers({**env, "BENCH_WITHOUT_MARKS": "1"}, "ours", PEOPLE)
            rates["without"].append(bare["sent"])
            for name, number in FEW.items():
                rates[name].append(by_workers(env, name, number)["sent"])
        build = child(env, "building()")
        with slow_line(port) as slow:
            far = {**env, "EMAIL_URL": f"smtp://127.0.0.1:{slow}"}
            rates["ours, 20 ms away"].append(child(far, "by_itself(300)"))
            rates["a connection each, 20 ms away"].append(child(far, "connection_each(30)"))
    report(rates, build)


def report(rates: Mapping[str, list[float]], build: Mapping[str, float]) -> None:
    middle = {name: statistics.median(values) for name, values in rates.items()}
    print(f"{'':32} {'messages/s':>12}   rounds")
    for name, values in rates.items():
        print(f"{name:32} {middle[name]:12.0f}   {' '.join(f'{value:.0f}' for value in values)}")
    print(f"building a mail: {build['ours']:.0f} µs; Django: {build['django']:.0f} µs")
    summary = {
        "x_limit": middle["ours"] / middle["limit"],
        "x_limit_told": middle["ours, timelines told"] / middle["limit"],
        "x_naive": middle["ours"] / middle["naive"],
        "x_chunked": middle["ours"] / middle["chunked"],
        "guarantee_cost": 1 - middle["ours"] / middle["without"],
        "build_share": build["ours"] / build["django"],
        "x_at_20_ms": middle["ours, 20 ms away"] / middle["a connection each, 20 ms away"],
    }
    print(json.dumps({name: round(value, 3) for name, value in summary.items()}))


def child(env: Mapping[str, str], call: str) -> Any:
    """What a function of bench/sending_measuring.py returns, in a process of its own."""
    code = f"from bench.sending_measuring import *; import json; print(json.dumps({call}))"
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=dict(env), stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def by_workers(env: Mapping[str, str], how: str, number: int) -> Any:
    """What rate_of() says, with workers that were started before."""
    child(env, f"queue_invitations({number})")
    with workers(env):
        child(env, f"wait_for_workers({WORKERS})")
        return child(env, f"rate_of({how!r}, {number})")


@contextmanager
def workers(env: Mapping[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "bench.sending_worker", "worker"]
    options = ["--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    started = [
        Started(
            "worker",
            [*command, *options, "--hostname", f"bench{index}@%h"],
            {**env, "PYTHONPATH": str(ROOT)},
            Path(env["VAR_DIR"]) / f"worker{index}.log",
        )
        for index in range(WORKERS)
    ]
    try:
        yield
    finally:
        for one in started:
            one.kill()


@contextmanager
def smtp_sink(folder: Path) -> Iterator[int]:
    port = free_port()
    command = ["/usr/sbin/smtp-sink", "-c", "-u", "nobody", f"127.0.0.1:{port}", "100"]
    sink = Started("smtp-sink", command, os.environ, folder / "sink.log")
    try:
        wait_until(lambda: sink.running, timeout=5, what="smtp-sink")
        yield port
    finally:
        sink.kill()


@contextmanager
def slow_line(port: int) -> Iterator[int]:
    """A port that leads to `port`, 10 ms away in each direction."""
    slow = free_port()
    command = [sys.executable, "-m", "bench.slow_line", str(slow), str(port), str(DELAY)]
    with TemporaryDirectory() as folder:
        proxy = Started("slow line", command, {**os.environ, "PYTHONPATH": str(ROOT)}, Path(folder) / "log")
        try:
            wait_until(lambda: _listens(slow), timeout=10, what="the slow line")
            yield slow
        finally:
            proxy.kill()


def _listens(port: int) -> bool:
    return (
        subprocess.run(["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"], capture_output=True).returncode
        == 0
    )


if __name__ == "__main__":
    main()
