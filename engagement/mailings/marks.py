"""The two marks per message, in one statement: the last one went out, the next one goes out now.

On PostgreSQL the statement travels while the text of the next message goes to the mail server; its answer is
waited for before the final dot. Every condition that may stop a message at the last moment is in it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from crm.preferences.models import ONLY_AFTER_A_YES
from engagement.mailings.kinds import KINDS

_SETTLE = """
UPDATE engagement_message SET state = 'sent', sent_at = {now}, reply = {reply}, reason = '',
  claim = NULL, lease_until = NULL
WHERE id = {last} AND claim = {token} AND state = 'handing_over'
"""
# Not fenced by the lease's end above: the server has accepted, and that is the truth to write down.
_TAKE = """
UPDATE engagement_message SET state = 'handing_over', lease_until = {until}
WHERE id = {next} AND claim = {token} AND state = 'claimed' AND lease_until > {now}
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
    """What the mail server said to the message handed over last."""

    key: UUID
    reply: str


class Marks:
    """start() and then finish(), in turns; a context manager that lasts for a slice.

    On PostgreSQL it has a connection of its own, so that the statement under way stands in nobody's way.
    """

    def __init__(self) -> None:
        self._own: Any = None
        self._answer: bool | None = None

    def __enter__(self) -> "Marks":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
            self._own = None

    def start(self, token: UUID, take: UUID, *, sent: Sent | None, now: datetime, until: datetime) -> None:
        """Send the marks on their way: `take` goes out now, `sent` did. Both are held with `token`."""
        values = {
            "now": now.isoformat(),
            "until": until.isoformat(),
            "reply": sent.reply[:300] if sent else "",
            "last": str(sent.key) if sent else None,
            "next": str(take),
            "token": str(token),
        }
        with connection.wrap_database_errors:
            if connection.vendor == "postgresql":
                self._send(values)
            else:
                self._answer = _done_at_once(values, now, until)

    def finish(self) -> bool:
        """Whether the next message may go out; OperationalError when the database does not say."""
        if connection.vendor != "postgresql":
            return bool(self._answer)
        with connection.wrap_database_errors:
            return _answer(self._own.connection.pgconn)

    def _send(self, values: dict[str, str | None]) -> None:
        if self._own is None:
            self._own = connection.copy()
            self._own.ensure_connection()
            _prepare(self._own.connection.pgconn)
        libpq = self._own.connection.pgconn
        order = ("now", "until", "reply", "last", "next", "token")
        words = [None if (word := values[name]) is None else word.encode() for name in order]
        libpq.send_query_prepared(_NAME, words)
        libpq.flush()


@lru_cache(maxsize=1)
def _take() -> str:
    """The conditions that hold for every message, and those of each kind."""
    asked = [
        _CALLED_OFF.format(kind=kind.name, found=found)
        for kind in KINDS.values()
        for found in kind.called_off
    ]
    return _TAKE + "".join(asked)


def _prepare(libpq: Any) -> None:
    kinds = {
        "now": "$1::timestamptz",
        "until": "$2::timestamptz",
        "reply": "$3::varchar",
        "last": "$4::uuid",
        "next": "$5::uuid",
        "token": "$6::uuid",
        "purposes": _PURPOSES,
    }
    sql = (  # only the numbers of parameters and our own purposes are put in
        f"WITH settled AS ({_SETTLE.format(**kinds)} RETURNING 1), "  # noqa: S608
        f"taken AS ({_take().format(**kinds)} RETURNING 1) "
        "SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM settled)"
    )
    _check(libpq.prepare(_NAME, sql.encode()), libpq)


def _answer(libpq: Any) -> bool:
    taken = False
    while result := libpq.get_result():
        _check(result, libpq)
        if result.ntuples:
            taken = result.get_value(0, 0) == b"1"
    return taken


def _check(result: Any, libpq: Any) -> None:
    if result.error_message:
        raise OperationalError(libpq.get_error_message())


def _done_at_once(values: dict[str, str | None], now: datetime, until: datetime) -> bool:
    """On SQLite, which is in this process, both in one short transaction."""
    adapt = connection.ops.adapt_datetimefield_value
    known = {**values, "now": adapt(now), "until": adapt(until)}
    for name in ("last", "next", "token"):
        word = known[name]
        known[name] = UUID(word).hex if word else None
    names = {name: f":{name}" for name in known} | {"purposes": _PURPOSES}
    with transaction.atomic():
        raw = connection.connection
        raw.execute(_SETTLE.format(**names), known)
        return bool(raw.execute(_take().format(**names), known).rowcount)
