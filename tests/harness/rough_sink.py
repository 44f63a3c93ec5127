"""A mail server on a bad day, always the same bad day for the same seed."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from random import Random

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.harness.sink import DROP_BEFORE_DOT, RecordingSink

# What happens to one try for one address, in tries out of a thousand; the rest goes well.
FATES = {
    "RCPT 4xx": 12,
    "RCPT 5xx": 6,
    "RCPT cut": 5,
    "RCPT stall": 10,
    "DATA 4xx": 6,
    "DATA 5xx": 4,
    "DATA cut": 8,
    "DATA stall": 6,
    "dot 4xx": 8,
    "dot 5xx": 4,
    "dot cut, kept": 8,
    "dot cut, lost": 4,
    "dot stall": 8,
    "dot stall too long": 2,
}
_MAIL_LATER, _MAIL_NO = 0.005, 0.002
_ANSWERS = {
    "4xx": ["451 4.7.1 try later", "450 4.2.1 busy", "452 4.3.1 full", "421 4.3.2 going down"],
    "5xx": ["550 5.1.1 unknown", "554 5.7.1 not wanted", "552 5.2.2 over quota"],
}


@dataclass(frozen=True)
class Pace:
    """Seconds: what a message takes, how long a stall lasts at most, and when the client gives up."""

    message: float = 0.1
    stall: float = 2.5
    patience: float = 4


class RoughSink(RecordingSink):
    """Fails by `seed`: what happens to the n-th try for an address depends on these three alone.

    `cut_lines` counts the lines that broke, or were silent until the client hung up, without an answer.
    """

    def __init__(self, seed: int, pace: Pace) -> None:
        super().__init__()
        self.seed = seed
        self.pace = pace
        self.calm = False
        self.cut_lines = 0
        self.happened: Counter[str] = Counter()
        self._tries: Counter[str] = Counter()
        self._fates: dict[str, tuple[str, Random]] = {}

    def _draw(self, address: str) -> tuple[str, Random]:
        chance = self._chance(address)
        fates = [*FATES, ""]
        (fate,) = chance.choices(fates, [*FATES.values(), 1000 - sum(FATES.values())])
        fate = "" if self.calm else fate
        self.happened[fate] += bool(fate)
        self._fates[address] = fate, chance
        return self._fates[address]

    def _chance(self, about: str) -> Random:
        """What decides about the next of what is called so."""
        self._tries[about] += 1
        return Random(f"{self.seed} {about} {self._tries[about]}")

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.pipelining = self._chance("a connection").random() < 0.5
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        chance = self._chance("a sender").random()
        if not self.calm and chance < _MAIL_LATER + _MAIL_NO:
            kind = "4xx" if chance < _MAIL_LATER else "5xx"
            self.happened[f"MAIL {kind}"] += 1
            return _ANSWERS[kind][0]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fate, chance = self._draw(address)
        if fate == "RCPT cut":
            self._cut(server)
        if fate == "RCPT stall":
            await asyncio.sleep(self.pace.stall * chance.random())
        if fate.startswith("RCPT") and fate[-3:] in _ANSWERS:
            return chance.choice(_ANSWERS[fate[-3:]])
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def before_text(self, envelope: Envelope) -> str:
        fate, chance = self._fate_of(envelope)
        if fate == "DATA cut":
            self.cut_lines += 1
            return DROP_BEFORE_DOT
        if fate == "DATA stall":
            await asyncio.sleep(self.pace.stall * chance.random())
        if fate.startswith("DATA") and fate[-3:] in _ANSWERS:
            return chance.choice(_ANSWERS[fate[-3:]])
        return ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fate, chance = self._fate_of(envelope)
        if fate.startswith("dot") and fate[-3:] in _ANSWERS:
            return chance.choice(_ANSWERS[fate[-3:]])
        if fate != "dot cut, lost":
            self.keep(envelope)
        await asyncio.sleep(self.pace.message * (0.5 + chance.random()))
        if fate.startswith("dot cut"):
            self._cut(server)
        if fate == "dot stall":
            await asyncio.sleep(self.pace.stall * chance.random())
        if fate == "dot stall too long":
            self.cut_lines += 1
            await asyncio.sleep(self.pace.patience + 1)
        return "250 Accepted"

    def _fate_of(self, envelope: Envelope) -> tuple[str, Random]:
        # After a refused recipient a pipelining client still says DATA.
        return self._fates[envelope.rcpt_tos[0]] if envelope.rcpt_tos else ("", Random(0))

    def _cut(self, server: SMTP) -> None:
        self.cut_lines += 1
        server.transport.abort()
