"""Whether anybody is missed, mailed twice or mailed against their will on a very bad day: `make chaos`.

SEED=7 repeats a day, INVITEES and KILLS make it longer or shorter, STACKS=production leaves one out.
Prints a table and then one line of JSON with both stacks; the status is 1 when a rule is broken.
"""

import json
import os
import sys
from dataclasses import asdict
from random import SystemRandom

from tests.harness.chaos import Plan, Sums, run
from tests.harness.stack import KINDS

_NAMES = {"embedded": "SQLite + Valkey", "production": "PostgreSQL + Redis"}
_SHOWN = ["states", "details"]


def main() -> int:
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
    plan = Plan(seed, int(os.environ.get("INVITEES") or 2000), int(os.environ.get("KILLS") or 20))
    print(f"SEED={seed}: {plan.invitees} invitees, {plan.kills} kills", flush=True)
    found: dict[str, Sums] = {}
    for kind in (os.environ.get("STACKS") or ",".join(KINDS)).split(","):
        found[kind] = run(kind, plan)
        _show(kind, found[kind])
    print(json.dumps({kind: _numbers(sums) for kind, sums in found.items()}))
    return int(any(sums.broken for sums in found.values()))


def _numbers(sums: Sums) -> dict[str, object]:
    return {name: value for name, value in asdict(sums).items() if name not in _SHOWN}


def _show(kind: str, sums: Sums) -> None:
    print(f"\n{_NAMES[kind]}")
    for name, value in _numbers(sums).items():
        print(f"  {name:20} {value}")
    if sums.restarts == "none":
        print("  The database of this stack is a file: there is nothing to restart.")
    for state, number in sorted(sums.states.items()):
        print(f"  {state:24} {number}")
    print(f"  broken: {', '.join(sums.broken) or 'nothing'}")
    print("\n".join(sums.details[:20]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
