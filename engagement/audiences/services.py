"""Choosing who gets a composed mailing."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from engagement.audiences.parts import Audience, Part, found_by, parts_of
from engagement.mailings.audience import (
    AudienceMoved,
    decided_by_hand,
    fingerprint,
    freeze,
    lock_open,
    people_in,
    reasons_for,
)
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Mailing, Reason


@dataclass(frozen=True)
class Found:
    """Each contact that the audience finds, with the reason, the parts that chose them and those against."""

    reasons: dict[int, Reason]
    why: dict[int, dict[str, Any]]
    parts: list[Part]

    def included(self) -> int:
        return sum(reason == Reason.IN_AUDIENCE for reason in self.reasons.values())

    def seen(self) -> str:
        return fingerprint(pk for pk, reason in self.reasons.items() if reason == Reason.IN_AUDIENCE)

    def skipped(self) -> list[tuple[Reason, int]]:
        """How many are skipped for which reason, most first."""
        counted = Counter(self.reasons.values()).most_common()
        return [(reason, number) for reason, number in counted if reason != Reason.IN_AUDIENCE]


def look(*, mailing: Mailing, audience: Audience) -> Found:
    """Who would get the mailing, in a number of queries that does not depend on how many they are.

    Raises BrokenSelection.
    """
    wanted, unwanted = parts_of(audience.include), parts_of(audience.exclude)
    chosen, against, by_hand = found_by(wanted), found_by(unwanted), decided_by_hand(mailing)
    people = people_in(chosen)
    reasons = reasons_for(people, KINDS[mailing.kind], mailing.about_id)
    for contact in reasons:
        if not by_hand.get(contact, contact not in against):
            reasons[contact] = Reason.LEFT_OUT
    why = {contact: _why(contact, chosen, against, by_hand) for contact in reasons}
    return Found(reasons, why, [*wanted, *unwanted])


def _why(
    contact: int, chosen: dict[int, list[str]], against: dict[int, list[str]], by_hand: dict[int, bool]
) -> dict[str, Any]:
    why: dict[str, Any] = {"parts": chosen[contact]}
    if contact in against:
        why["but"] = against[contact]
    if contact in by_hand:
        why["by_hand"] = True
    return why


@transaction.atomic
def choose(*, mailing: Mailing, audience: Audience, seen: str = "") -> Mailing:
    """Freeze who gets the draft, each with the reason; whom somebody left out or took in again stays so.

    Raises AudienceIsFixed, BrokenSelection, or AudienceMoved when they are not those that `seen` is the
    fingerprint of.
    """
    mailing = lock_open(mailing)
    found = look(mailing=mailing, audience=audience)
    if seen and found.seen() != seen:
        raise AudienceMoved
    names = {part.key: part.names for part in found.parts}
    mailing.audience = {
        "include": audience.include.stored(),
        "exclude": audience.exclude.stored(),
        "names": names,
    }
    mailing.save(update_fields=["audience"])
    freeze(mailing=mailing, reasons=found.reasons, why=found.why)
    return mailing
