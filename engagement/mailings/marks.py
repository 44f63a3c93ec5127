"""The two marks per message, in one statement: the last one went out, the next one goes out now.

On PostgreSQL the statement travels while the text of the next message goes to the mail server; its answer is
waited for before the final dot. Every condition that may stop a message at the last moment is in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakSet

from django.db import OperationalError, connection, transaction

from crm.preferences.models import ONLY_AFTER_A_YES

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
  AND NOT EXISTS (SELECT 1 FROM engagement_mailing m WHERE m.id = engagement_message.mailing_id
    AND m.state <> 'sending')
  AND (engagement_message.purpose NOT IN ({purposes}) OR EXISTS (SELECT 1 FROM crm_preference p
    WHERE p.contact_id = engagement_message.contact_id AND p.purpose = engagement_message.purpose
    AND p.channel = 'email' AND p.allowed))
"""
_PURPOSES = ", ".join(f"'{purpose.value}'" for purpose in sorted(ONLY_AFTER_A_YES))
_NAME = b"kwartet_marks"
_PREPARED: WeakSet[Any] = WeakSet()


@dataclass(frozen=True)
class Sent:
    """What the mail server said to the message handed over last."""

    key: UUID
    reply: str


class Marks:
    """The marks of one batch, whose rows carry `token`. start() and then finish(), in turns."""

    def __init__(self, token: UUID) -> None:
        self._token = token
        self._waiting: Any = None

    def start(self, sent: Sent | None, take: UUID, now: datetime, until: datetime) -> None:
        """Send the marks on their way."""
        values = {
            "now": now.isoformat(),
            "until": until.isoformat(),
            "reply": sent.reply[:300] if sent else "",
            "last": str(sent.key) if sent else None,
            "next": str(take),
            "token": str(self._token),
        }
        with connection.wrap_database_errors:
            if connection.vendor == "postgresql":
                self._waiting = _sent(values)
            else:
                self._waiting = _done_at_once(values, now, until)

    def finish(self) -> bool:
        """Whether the next message may go out; OperationalError when the database does not say."""
        waiting, self._waiting = self._waiting, None
        with connection.wrap_database_errors:
            return waiting if isinstance(waiting, bool) else _answer(waiting)


def _sent(values: dict[str, str | None]) -> Any:
    """The libpq connection on which the prepared statement is under way."""
    connection.ensure_connection()
    libpq = connection.connection.pgconn
    if connection.connection not in _PREPARED:
        _prepare(libpq)
        _PREPARED.add(connection.connection)
    order = ("now", "until", "reply", "last", "next", "token")
    words = [None if (word := values[name]) is None else word.encode() for name in order]
    libpq.send_query_prepared(_NAME, words)
    libpq.flush()
    return libpq


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
        f"taken AS ({_TAKE.format(**kinds)} RETURNING 1) "
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
        return bool(raw.execute(_TAKE.format(**names), known).rowcount)
