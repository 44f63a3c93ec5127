"""The reckoning of a bad day must see each rule broken, so it is tested itself."""

from typing import Any

import pytest

from tests.harness.chaos import Day, Plan, Reckoning, Sums
from tests.harness.rough_sink import Pace, RoughSink
from tests.harness.sink import Received

PLAN = Plan(seed=1, invitees=2, kills=1)


def row(key: str, state: str = "sent", **fields: str) -> dict[str, Any]:
    address = fields.pop("address", f"main{key}@example.org")
    known = {"kind": "invitation", "reason": "", "reply": ""}
    return {**known, "pk": key, "state": state, "address": address, **fields}


def mail(key: str, at: float = 100, address: str = "") -> Received:
    raw = f"Message-ID: <{key}@example.org>\r\n\r\n".encode()
    return Received("", (address or f"main{key}@example.org",), raw, at)


def sums(rows: list[dict[str, Any]], *mails: Received, told: int | None = None, **day: Any) -> Sums:
    sink = RoughSink(1, Pace())
    sink.messages.extend(mails)
    sent = sum(one["kind"] == "invitation" and one["state"] == "sent" for one in rows)
    ledger = {"messages": rows, "told": [1] * (sent if told is None else told)}
    return Reckoning(Day(PLAN, **day), ledger, sink).sums()


def test_good_day_breaks_nothing():
    assert sums([row("a"), row("b")], mail("a"), mail("b")).broken == []


@pytest.mark.parametrize(
    ("other", "mails"),
    [
        ([], []),
        ([row("b")], []),
        ([row("b", "queued")], []),
        ([row("b", "missed")], []),
        ([row("b", "refused", reason="cannot be made")], []),
        ([row("b", "refused", reply="550 unknown")], [mail("b")]),
        ([row("b", "skipped", reason="stopped")], []),
        ([row("b", "skipped", reason="said no")], []),
        ([row("b", address="cancelled1@example.org")], [mail("b", address="cancelled1@example.org")]),
    ],
)
def test_who_is_missed_is_lost(other, mails):
    assert sums([row("a"), *other], mail("a"), *mails).broken == ["lost"]


def test_cancellation_that_was_skipped_tells_nobody():
    address = "cancelled1@example.org"
    skipped = row("c", "skipped", kind="cancellation", address=address, reason="outdated")
    assert sums([row("a"), row("b", address=address), skipped], mail("a"), mail("b", 1, address)).broken == [
        "lost"
    ]


@pytest.mark.parametrize("mails", [[mail("a")], [mail("stranger")]])
def test_what_came_once_too_often(mails):
    assert sums([row("a"), row("b")], mail("a"), mail("b"), *mails).broken == ["twice"]


def test_two_invitations_to_one_address_are_one_too_many():
    rows = [row("a"), row("b", address="maina@example.org")]
    assert sums(rows, mail("a"), mail("b", address="maina@example.org")).broken == ["twice"]


@pytest.mark.parametrize(
    ("at", "broken"), [(100.9, []), (101.1, ["after_opt_out"])], ids=["on its way", "later"]
)
def test_nothing_after_a_no(at, broken):
    rows = [row("a"), row("b")]
    assert sums(rows, mail("a"), mail("b", at), said_no={"mainb@example.org": 100}).broken == broken


def test_nothing_after_a_cancellation_nor_during_a_pause():
    address = "cancelled1@example.org"
    rows = [row("a"), row("b", address=address), row("c", kind="cancellation", address=address)]
    mails = [mail("a", 104), mail("b", 104, address), mail("c", 104, address)]
    found = sums(rows, *mails, cancelled_at=100, paused=(102, 106))
    assert found.broken == ["after_cancellation", "while_paused"]


def test_uncertain_ones_are_as_many_as_lines_and_workers_that_broke():
    rows = [row("a", "uncertain"), row("b", "uncertain")]
    assert sums(rows, kills=2).broken == []
    assert sums(rows, kills=1).broken == ["uncertain"]


def test_timeline_tells_of_each_invitation_once():
    assert sums([row("a"), row("b")], mail("a"), mail("b"), told=1).broken == ["told_wrongly"]
