"""What lists of statements tell about each; a noun above registers what is its own in a file `lists.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from crm.accounts.models import User
from crm.accounts.roles import may
from engagement.statements.models import Statement


@dataclass(frozen=True)
class Remark:
    text: str
    icon: str = ""


@dataclass(frozen=True)
class ListAct:
    """A button above the list that opens `page` with the filter in force as its query."""

    page: str
    icon: str
    word: Promise | str
    capability: str


# What stands beside some statements, by their keys; only what the reader may know. The number of queries does
# not depend on how many they are.
Remarks = Callable[[Sequence[Statement], User], Mapping[int, Sequence[Remark]]]
_REMARKS: list[Remarks] = []
_ACTS: list[ListAct] = []


def register_remarks(remarks: Remarks) -> None:
    _REMARKS.append(remarks)


def register_list_act(act: ListAct) -> None:
    _ACTS.append(act)


def list_acts(reader: User) -> list[ListAct]:
    return [act for act in _ACTS if may(reader, act.capability)]


def remarks_on(statements: Sequence[Statement], reader: User) -> dict[int, list[Remark]]:
    """All of them, by the keys of the statements."""
    found: dict[int, list[Remark]] = {one.pk: [] for one in statements}
    for remarks in _REMARKS:
        for key, said in remarks(statements, reader).items():
            found[key] += said
    return found
