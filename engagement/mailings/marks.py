"""The two marks of each message, for several at once in one statement: these went out, those go out now.

On PostgreSQL the statement travels while other messages go to the mail server; its answer is waited for
before the first of "those" goes. Every condition that may stop a message at the last moment is in it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from crm.preferences.models import ONLY_AFTER_A_YES
from engagement.mailings.kinds import KINDS
from engagement.mailings.models import Message

# Not fenced by the end of the lease: the server has accepted, and that is the truth to write down. "IS TRUE",
# here and below, makes PostgreSQL look rows up by their keys, not by the claim with all else that it holds.
_SETTLE = """
UPDATE engagement_message SET state = 'sent', sent_at = {at}, reply = {reply}, reason = '',
  claim = NULL, lease_until = NULL
WHERE {these} AND (claim = {token}) IS TRUE AND state = 'handing_over'
"""
_TAKE = """
UPDATE engagement_message SET state = 'handing_over', lease_until = {until}, edition_id = {edition}
WHERE {those} AND (claim = {token} AND lease_until > {now}) IS TRUE AND state IN ('claimed', 'handing_over')
  AND NOT EXISTS (SELECT 1 FROM crm_preference p WHERE p.contact_id = engagement_message.contact_id
    AND p.purpose = engagement_message.purpose AND p.channel = 'email' AND NOT p.allowed)
  AND NOT EXISTS (SELECT 1 FROM crm_suppression s WHERE s.digest = engagement_message.address_digest)
  AND NOT EXISTS (SELECT 1 FROM crm_contactpoint c WHERE c.contact_id = engagement_message.contact_id
    AND c.kind = 'email' AND c.value = engagement_message.address AND c.state <> 'ok')
  AND NOT EXISTS (SELECT 1 FROM engagement_mailing m WHERE m.id = engagement_message.mailing_id
    AND m.state <> 'sending')
  AND (engagement_message.purpose NOT IN ({purposes}) OR EXISTS (SELECT 1 FROM crm_preference p
    WHERE p.contact_id = engagement_message.contact_id AND p.purpose = engagement_message.purpose
    AND p.channel = 'email' AND p.allowed))
"""
_CALLED_OFF = "  AND NOT (engagement_message.kind = '{kind}' AND EXISTS ({found}))\n"
_PURPOSES = ", ".join(f"'{purpose.value}'" for purpose in sorted(ONLY_AFTER_A_YES))
_NAME = b"kwartet_marks"


@dataclass(frozen=True)
class Sent:
    """What the mail server said to a message, and when."""

    key: UUID
    reply: str
    at: datetime


# Messages, each with what its mail says: the key of its edition.
Take = Mapping[UUID, int | None]


class Marks:
    """start() and then finish(), in turns; a context manager that lasts for a slice.

    On PostgreSQL it has a connection of its own, so that the statement under way stands in nobody's way.
    """

    def __init__(self) -> None:
        self._own: Any = None
        self._answer: set[UUID] = set()

    def __enter__(self) -> "Marks":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None

    def start(self, token: UUID, take: Take, *, sent: Sequence[Sent], now: datetime, until: datetime) -> None:
        """Send the marks on their way: `take` go out now, `sent` did. All are held with `token`."""
        with connection.wrap_database_errors:
            if connection.vendor == "postgresql":
                self._send(token, take, sent, now, until)
            else:
                self._answer = _done_at_once(token, take, sent, now, until)

    def finish(self) -> set[UUID]:
        """Which of `take` may go out; OperationalError when the database does not say."""
        if connection.vendor != "postgresql":
            return self._answer
        with connection.wrap_database_errors:
            return _answer(self._own.connection.pgconn)

    def _send(self, token: UUID, take: Take, sent: Sequence[Sent], now: datetime, until: datetime) -> None:
        if self._own is None:
            self._own = connection.copy()
            self._own.ensure_connection()
            _prepare(self._own.connection.pgconn)
        said = json.dumps({str(one.key): [one.reply[:300], one.at.isoformat()] for one in sent})
        editions = json.dumps({str(key): edition for key, edition in take.items()})
        words = [now.isoformat(), until.isoformat(), str(token), _array(take), said]
        words += [_array([one.key for one in sent]), editions]
        libpq = self._own.connection.pgconn
        libpq.send_query_prepared(_NAME, [word.encode() for word in words])
        libpq.flush()


def _array(keys: Iterable[UUID]) -> str:
    return "{" + ",".join(map(str, keys)) + "}"


@lru_cache(maxsize=1)
def _take() -> str:
    """The conditions that hold for every message, and those of each kind."""
    asked = [
        _CALLED_OFF.format(kind=kind.name, found=found)
        for kind in KINDS.values()
        for found in kind.called_off
    ]
    return _TAKE + "".join(asked)


def is_called_off(message: Message) -> bool:
    """Whether a condition of its own kind keeps this message from going out."""
    found = " OR ".join(f"EXISTS ({select})" for select in KINDS[message.kind].called_off) or "1 = 0"
    condition = RawSQL(found, (), output_field=BooleanField())  # noqa: S611 - our own text, without a value
    return Message.objects.filter(condition, pk=message.pk).exists()


def _prepare(libpq: Any) -> None:
    """Planned once, since planning takes half as long as the rest."""
    kinds = {
        "now": "$1::timestamptz",
        "until": "$2::timestamptz",
        "token": "$3::uuid",
        "those": "id = ANY($4::uuid[])",
        "these": "id = ANY($6::uuid[])",
        "reply": "$5::jsonb -> id::text ->> 0",
        "at": "($5::jsonb -> id::text ->> 1)::timestamptz",
        "edition": "($7::jsonb ->> id::text)::bigint",
        "purposes": _PURPOSES,
    }
    sql = (  # only the numbers of parameters and our own purposes are put in
        f"WITH settled AS ({_SETTLE.format(**kinds)} RETURNING 1), "  # noqa: S608
        f"taken AS ({_take().format(**kinds)} RETURNING id) SELECT id FROM taken"
    )
    _check(libpq.exec_(b"SET plan_cache_mode = force_generic_plan"), libpq)
    _check(libpq.prepare(_NAME, sql.encode()), libpq)


def _answer(libpq: Any) -> set[UUID]:
    taken: set[UUID] = set()
    while result := libpq.get_result():
        _check(result, libpq)
        taken |= {UUID(result.get_value(row, 0).decode()) for row in range(result.ntuples)}
    return taken


def _check(result: Any, libpq: Any) -> None:
    if result.error_message:
        raise OperationalError(libpq.get_error_message())


def _done_at_once(token: UUID, take: Take, sent: Sequence[Sent], now: datetime, until: datetime) -> set[UUID]:
    """On SQLite, which is in this process, in one short transaction."""
    adapt = connection.ops.adapt_datetimefield_value
    known = {"now": adapt(now), "until": adapt(until), "token": token.hex}
    names = {"these": "id = :id", "those": "id = :id", "reply": ":reply", "at": ":at", "purposes": _PURPOSES}
    names |= {name: f":{name}" for name in (*known, "edition")}
    settle, mark = _SETTLE.format(**names), _take().format(**names)
    with transaction.atomic():
        raw = connection.connection
        for one in sent:
            said = {"id": one.key.hex, "reply": one.reply[:300], "at": adapt(one.at)}
            raw.execute(settle, {**known, **said})
        return {
            key
            for key, edition in take.items()
            if raw.execute(mark, {**known, "id": key.hex, "edition": edition}).rowcount
        }
