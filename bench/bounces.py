"""How well bounces are told apart on two public collections: `make bench-bounces`.

The peer is flufl.bounce, which Mailman uses; whatever it calls permanent counts as hard. Prints a table,
then one line of JSON. The collections are Sisimai's test mails with the reasons that its authors give, and
flufl.bounce's own.
"""

import json
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from time import perf_counter
from typing import Any

from flufl.bounce import all_failures

from engagement.inbox.classifying import classify

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
GOALS = {"recognised": 0.95, "hard_precision": 0.95, "hard_recall": 0.90, "complaint_recall": 0.90}
Judge = Callable[[bytes], str]


def main() -> None:
    corpora = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA
    if not (corpora / "bounces-sisimai").is_dir():
        sys.exit(f"{corpora / 'bounces-sisimai'} is not there; give the folder of the collections.")
    found = {name: measured(corpora, judge) for name, judge in (("kwartet", ours), ("flufl.bounce", flufls))}
    print(f"{'':24} {'goal':>6} {'kwartet':>10} {'flufl.bounce':>13}")
    for name in found["kwartet"]:
        figures = [
            f"{one[name]:.3f}" if isinstance(one[name], float) else str(one[name]) for one in found.values()
        ]
        print(f"{name:24} {GOALS.get(name, ''):>6} {figures[0]:>10} {figures[1]:>13}")
    print(json.dumps({"goals": GOALS, **found}))


def ours(raw: bytes) -> str:
    return classify(raw).kind.value


def flufls(raw: bytes) -> str:
    """It has no complaints and no automatic answers; those that it takes for a bounce are counted as such."""
    temporary, permanent = all_failures(message_from_bytes(raw))
    return "hard" if permanent else "soft" if temporary else "none"


def measured(corpora: Path, judge: Judge) -> dict[str, Any]:
    sisimai, flufl = _sisimai(corpora / "bounces-sisimai"), _flufl(corpora / "bounces-flufl")
    start = perf_counter()
    kinds = {raw: judge(raw) for raw, _ in [*sisimai, *flufl]}
    seconds = perf_counter() - start
    reports = [raw for raw in kinds if b"message/delivery-status" in raw.lower()]
    bounces = [(kinds[raw], truth) for raw, truth in sisimai if truth in {"hard", "soft"}]
    called = [truth for kind, truth in bounces if kind == "hard"]
    hard = [kind for kind, truth in bounces if truth == "hard"]
    complaints = [kinds[raw] for raw, truth in sisimai if truth == "complaint"]
    return {
        "recognised": _share([kinds[raw] for raw in reports], {"hard", "soft"}),
        "hard_precision": _share(called, {"hard"}),
        "hard_recall": _share(hard, {"hard"}),
        "complaint_recall": _share(complaints, {"complaint"}),
        "soft_called_hard": sum(truth == "soft" for truth in called),
        "temporary_called_hard": sum(kinds[raw] == "hard" for raw, truth in flufl if truth == "temporary"),
        "ordinary_taken_for_bounce": sum(
            kinds[raw] in {"hard", "soft"} for raw, t in sisimai if t == "ordinary"
        ),
        "same_when_it_comes_twice": all(judge(raw) == kind for raw, kind in kinds.items()),
        "mails": len(kinds),
        "ms_per_mail": round(1000 * seconds / len(kinds), 2),
    }


def _share(found: list[str], wanted: set[str]) -> float:
    return sum(one in wanted for one in found) / len(found) if found else 0.0


def _sisimai(folder: Path) -> list[tuple[bytes, str]]:
    """Each mail with what it is; where it tells of several people, one who does not exist decides."""
    expected = json.loads((folder / "expected.json").read_text())
    mails = [
        ((folder / "maildir" / "bsd" / name).read_bytes(), _truth(rows)) for name, rows in expected.items()
    ]
    return mails + [
        (path.read_bytes(), "ordinary") for path in sorted((folder / "maildir" / "not").iterdir())
    ]


def _truth(rows: list[dict[str, Any]]) -> str:
    reasons = {row["reason"] for row in rows}
    named = {"feedback": "complaint", "vacation": "auto-reply"}
    if special := [named[reason] for reason in reasons if reason in named]:
        return special[0]
    return "hard" if any(row["hard"] for row in rows) else "soft"


def _flufl(folder: Path) -> list[tuple[bytes, str]]:
    expected = json.loads((folder / "expected.json").read_text())
    return [
        ((folder / "tests" / "data" / name).read_bytes(), "temporary" if told["temporary"] else "permanent")
        for name, told in expected.items()
        if told["addresses"]
    ]


if __name__ == "__main__":
    main()
