"""How far each speaker of a conversation is with approving what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from engagement.approvals.models import ApprovalRequest
from engagement.statements.models import Approval, Speaker, Statement, Writeup


@dataclass(frozen=True)
class Progress:
    """`counts` are numbers of statements by Approval; `last` is when they were asked last."""

    speaker: Speaker
    counts: Counter[str]
    last: ApprovalRequest | None

    @property
    def approved(self) -> int:
        return self.counts[Approval.APPROVED]

    @property
    def waiting(self) -> int:
        return self.counts[Approval.WAITING]

    @property
    def proposed(self) -> int:
        return self.counts[Approval.PROPOSED]

    @property
    def withdrawn(self) -> int:
        return self.counts[Approval.WITHDRAWN]


def progress(writeup: Writeup, statements: Sequence[Statement]) -> list[Progress]:
    """One for each speaker, in their order; `statements` are those of the notes."""
    last = {one.contact_id: one for one in writeup.approval_requests.last_ones()}
    return [
        Progress(
            speaker,
            Counter(one.approval for one in statements if one.speaker_id == speaker.pk),
            last.get(speaker.contact_id) if speaker.contact_id else None,
        )
        for speaker in writeup.speakers.select_related("contact", "organisation")
    ]
