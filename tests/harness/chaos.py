"""A bad day for the outbox from beginning to end, and the sums afterwards: who got what, who was told what.

Two events. The one that many are invited to is paused, resumed, and some of its people say no; the other is
cancelled while its invitations go out. Meanwhile workers are killed, the broker forgets and the database
restarts. What the mail server does is in rough_sink.py; what happens when follows from the seed as well, in
shares of the mail that is expected, so that a slow machine sees the same day.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

from tests.harness.postgres import Cluster, durable_postgres
from tests.harness.rough_sink import Pace, RoughSink
from tests.harness.sink import Received
from tests.harness.stack import Stack, open_stack
from tests.harness.waiting import wait_until

WORKERS, BEATS = 3, 2
GRACE = 1.0  # seconds for what was on its way when somebody said no
HELD = 3.0  # seconds of a pause
STUCK = 20.0  # without new mail for so long, the next thing happens all the same
WAITING = ("queued", "claimed", "handing_over", "deferred", "untold")
PACE = Pace()
ENVIRONMENT = {
    "OUTBOX_LEASE": "12",
    "EMAIL_TIMEOUT": f"{PACE.patience:.0f}",
    "VISIBILITY_TIMEOUT": "5",
    "OUTBOX_BATCH": "10",
    "OUTBOX_SWEEP": "1",
}


@dataclass(frozen=True)
class Plan:
    seed: int
    invitees: int = 2000
    kills: int = 20

    @property
    def to_cancelled(self) -> int:
        """How many of the invitees are invited to the event that is cancelled."""
        return self.invitees * 3 // 10


@dataclass
class Day:
    """What was done, and when, by the clock that the sink uses."""

    plan: Plan
    kills: int = 0
    restarts: list[str] = field(default_factory=list)
    said_no: dict[str, float] = field(default_factory=dict)
    cancelled_at: float = 0
    paused: tuple[float, float] = (0, 0)


@dataclass
class Sums:
    """The rules, as numbers; `broken` names those that do not hold."""

    invitees: int = 0
    lost: int = 0
    twice: int = 0
    after_opt_out: int = 0
    after_cancellation: int = 0
    while_paused: int = 0
    told_wrongly: int = 0
    uncertain: int = 0
    kills: int = 0
    cut_lines: int = 0
    restarts: str = ""
    seed: int = 0
    seconds: int = 0
    states: dict[str, int] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        none = ("lost", "twice", "after_opt_out", "after_cancellation", "while_paused", "told_wrongly")
        broken = [name for name in none if getattr(self, name)]
        return broken + ["uncertain"] * (self.uncertain > self.kills + self.cut_lines)


def run(kind: str, plan: Plan) -> Sums:
    """The whole day on a stack of this kind (see KINDS)."""
    start = time.monotonic()
    sink = RoughSink(plan.seed, PACE)
    with ExitStack() as resources:
        env = dict(ENVIRONMENT)
        cluster = resources.enter_context(durable_postgres()) if kind == "production" else None
        if cluster:
            env["DATABASE_URL"] = cluster.url
        stack = resources.enter_context(open_stack(kind, workers=WORKERS, beats=BEATS, env=env, sink=sink))
        mischief = Mischief(stack, sink, plan, cluster)
        mischief.go()
        ledger = _inside(stack, "ledger()")
        stack.wait_until_healthy()
    sums = Reckoning(mischief.day, ledger, sink).sums()
    sums.seconds = round(time.monotonic() - start)
    return sums


def _inside(stack: Stack, call: str) -> Any:
    return stack.shell(f"from tests.harness.chaos_inside import *; result = {call}")


class Mischief:
    """Does to a stack what the plan says, and waits until nothing is left to do."""

    def __init__(self, stack: Stack, sink: RoughSink, plan: Plan, cluster: Cluster | None) -> None:
        self.stack, self.sink, self.plan, self.cluster = stack, sink, plan, cluster
        self.chance = Random(plan.seed)
        self.day = Day(plan)
        self.main: dict[str, int] = {}
        self.other: dict[str, int] = {}

    def go(self) -> None:
        small = self.plan.to_cancelled
        self.other = _inside(self.stack, f"start('cancelled', {small})")
        self.main = _inside(self.stack, f"start('main', {self.plan.invitees - small})")
        for share, act in sorted(self._agenda(), key=lambda entry: entry[0]):
            self._wait_for(share)
            act()
        wait_until(self._is_over, timeout=300, every=1, what="an empty outbox")

    def _agenda(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """(share of the expected mail, what happens then)."""
        for _kill in range(self.plan.kills):
            yield self.chance.uniform(0.02, 0.9), self._kill
        yield 0.15, self._cancel
        yield 0.35, self.stack.flush_broker
        yield 0.45, self._say_no
        yield 0.55, self._pause_and_resume
        yield 0.65, self.stack.restart_broker
        if self.cluster:
            yield 0.25, partial(self._restart_database, "fast")
            yield 0.75, partial(self._restart_database, "immediate")

    def _wait_for(self, share: float) -> None:
        seen, since = -1, time.monotonic()
        while len(self.sink.messages) < share * self.plan.invitees:
            if len(self.sink.messages) > seen:
                seen, since = len(self.sink.messages), time.monotonic()
            if time.monotonic() - since > STUCK:
                return
            time.sleep(0.01)

    def _kill(self) -> None:
        time.sleep(self.chance.uniform(0, 0.2))
        self.stack.kill_worker(self.chance.choice(self.stack.workers))
        self.stack.start_worker()
        self.day.kills += 1

    def _cancel(self) -> None:
        self.day.cancelled_at = _inside(self.stack, f"cancel({self.other['event']})")

    def _say_no(self) -> None:
        call = f"say_no({self.main['mailing']}, '{self.plan.seed}')"
        self.day.said_no = dict(_inside(self.stack, call))

    def _pause_and_resume(self) -> None:
        paused_at = _inside(self.stack, f"pause({self.main['mailing']})")
        time.sleep(HELD)
        self.day.paused = (paused_at, time.time())
        _inside(self.stack, f"resume({self.main['mailing']})")

    def _restart_database(self, mode: str) -> None:
        assert self.cluster is not None
        self.cluster.restart(mode)
        self.day.restarts.append(mode)

    def _is_over(self) -> bool:
        left = _inside(self.stack, "hasten()")
        return not any(left.get(name) for name in WAITING)


class Reckoning:
    """The ledger of the outbox beside what the sink has."""

    def __init__(self, day: Day, ledger: dict[str, Any], sink: RoughSink) -> None:
        self.day, self.sink = day, sink
        self.told: list[int] = ledger["told"]
        self.rows = {row["pk"]: row for row in ledger["messages"]}
        self.arrived = Counter(_key(one) for one in sink.messages)
        self.result = Sums()

    def sums(self) -> Sums:
        sums, plan = self.result, self.day.plan
        invited = [row for row in self.rows.values() if row["kind"] == "invitation"]
        sums.invitees, sums.seed = plan.invitees, plan.seed
        sums.kills, sums.cut_lines = self.day.kills, self.sink.cut_lines
        sums.restarts = ", ".join(self.day.restarts) or "none"
        sums.uncertain = sum(row["state"] == "uncertain" for row in self.rows.values())
        sums.states = dict(Counter(f"{row['kind']} {row['state']}" for row in self.rows.values()))
        self._count("lost", plan.invitees - len(invited), "invitees without a message")
        for key, row in self.rows.items():
            self._look_at(row, self.arrived[key])
        self._look_for_strangers()
        self._look_at_the_cancelled(invited)
        self._look_at_moments()
        sent = sum(row["state"] == "sent" for row in invited)
        self._count(
            "told_wrongly", abs(sum(self.told) - sent) + sum(times > 1 for times in self.told), "told"
        )
        return sums

    def _count(self, rule: str, number: int, what: str) -> None:
        if number:
            setattr(self.result, rule, getattr(self.result, rule) + number)
            self.result.details.append(f"{rule} ({number}): {what}")

    def _look_at(self, row: dict[str, Any], times: int) -> None:
        """A message is where its state says, and a person sees why it is not where it was to go."""
        state, said = row["state"], f"{row} arrived {times} times"
        self._count("twice", max(times - 1, 0), said)
        if state == "sent":
            self._count("lost", times == 0, said)
        elif state == "refused":
            # After a "no" the server keeps nothing, and what it said is shown.
            self._count("lost", row["reply"][:1] != "5" or times > 0, said)
        elif state in ("skipped", "stopped"):
            self._count("lost", not self._had_cause(row) or times > 0, said)
        elif state != "uncertain":
            self._count("lost", 1, said)

    def _had_cause(self, row: dict[str, Any]) -> bool:
        if row["reason"] in ("said no", "suppressed", "bad address"):
            return row["address"] in self.day.said_no
        return row["reason"] in ("cancelled", "outdated") and row["address"].startswith("cancelled")

    def _look_for_strangers(self) -> None:
        """Two messages for the same purpose to the same address, or one that nobody wrote."""
        known = Counter(
            (self.rows[key]["kind"], self.rows[key]["address"]) for key in self.arrived if key in self.rows
        )
        self._count("twice", sum(times - 1 for times in known.values()), "two messages to one address")
        strangers = [key for key in self.arrived if key not in self.rows]
        self._count("twice", len(strangers), f"not in the outbox: {strangers}")

    def _look_at_the_cancelled(self, invited: list[dict[str, Any]]) -> None:
        """Whoever has the invitation to the cancelled event is told so, as far as the server takes it."""
        written = [row for row in self.rows.values() if row["kind"] == "cancellation"]
        told = {row["address"] for row in written if row["state"] in ("sent", "uncertain", "refused")}
        have = {row["address"] for row in invited if self.arrived[row["pk"]]}
        missed = {address for address in have if address.startswith("cancelled")} - told
        self._count("lost", len(missed), f"invited, but not told of the cancellation: {sorted(missed)}")

    def _look_at_moments(self) -> None:
        """Nothing goes out after a "no", but for what was on its way at that moment."""
        day = self.day
        for one in self.sink.messages:
            address, row = one.recipients[0], self.rows.get(_key(one), {})
            if row.get("kind") != "invitation":
                continue
            late = one.at > day.said_no.get(address, one.at) + GRACE
            self._count("after_opt_out", late, f"{row} at {one.at}")
            if address.startswith("cancelled"):
                late = 0 < day.cancelled_at < one.at - GRACE
                self._count("after_cancellation", late, f"{row} at {one.at}")
            else:
                held = day.paused[0] + GRACE < one.at < day.paused[1]
                self._count("while_paused", held, f"{row} at {one.at}")


def _key(received: Received) -> str:
    return received.message_id.strip("<>").partition("@")[0]
