"""Writing many rows at once, past the objects of the ORM: COPY on PostgreSQL, executemany on SQLite.

Whoever writes this way keeps what save() would have derived (keys, search documents) by itself.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

Row = tuple[Any, ...]
# Plans that read a table from end to end because statistics call it small; compiling one takes longer still.
# A foreign key is checked by the plan of its first check, made while the table may have been empty.
_NOT_BY_KEY = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "jit")
# Statements that are begun before the first of them is finished.
_MOST_WAITING = 12
_COPY_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
# Seconds that one of two threads may hold Python while the other wants it.
_TURN = 0.0005


@contextmanager
def by_key() -> Iterator[None]:
    """A transaction in which PostgreSQL looks up rows one by one, by an index.

    Its statistics of a table that was just filled are old, and would let it read all of that per question.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in _NOT_BY_KEY))
        yield


class _Queue:
    """Statements without an answer, carried out in order by a thread that has the connection meanwhile."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._waiting: list[Future[None]] = []

    def add(self, statement: Callable[[Any], None]) -> None:
        """Begin it; with enough begun, wait: each holds its rows in memory."""
        self._waiting.append(self._pool.submit(statement, connection.connection))
        wait(self._waiting[:-_MOST_WAITING])

    def finish(self) -> None:
        """The error is that of the first that failed: PostgreSQL refuses those behind it."""
        waiting, self._waiting = self._waiting, []
        wait(waiting)
        with connection.wrap_database_errors:
            for statement in waiting:
                statement.result()

    def first(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Around every statement of Django's: it sees what it would have seen without a queue."""
        self.finish()
        return execute(sql, params, many, context)


_queue: ContextVar[_Queue | None] = ContextVar("queue", default=None)


@contextmanager
def ahead() -> Iterator[None]:
    """Inside, what is written here is only begun: PostgreSQL writes while Python prepares what comes next.

    Whatever asks something waits for all of it, so does the end; there an error comes up as well. To be used
    inside a transaction.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with ThreadPoolExecutor(1) as pool, _short_turns():
        queue = _Queue(pool)
        before = _queue.set(queue)
        try:
            with connection.execute_wrapper(queue.first):
                # Keys are looked at after each statement, not at the end when Python has nothing to do.
                write("SET CONSTRAINTS ALL IMMEDIATE", ())
                yield
        finally:
            _queue.reset(before)
        queue.finish()


@contextmanager
def _short_turns() -> Iterator[None]:
    """A thread that has heard from PostgreSQL gets Python soon; the usual 5 ms are as long as a statement."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def answers(questions: Sequence["QuerySet[Any, Row]"]) -> Iterator[Iterable[Row]]:
    """What each of these finds, none of which depends on another: values_list() of plain columns.

    PostgreSQL works on the next while Python takes in the one before. All must be taken.
    """
    if connection.vendor != "postgresql":
        yield from questions
        return
    if queue := _queue.get():
        queue.finish()
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [connection.connection.cursor() for _question in questions]
        for cursor, question in zip(cursors, questions, strict=True):
            cursor.execute(*question.query.sql_with_params())
        for cursor in cursors:
            yield cursor.fetchall()


def write(sql: str, parameters: Sequence[Any]) -> None:
    """A statement without an answer."""
    if queue := _queue.get():
        queue.add(lambda raw: raw.cursor().execute(sql, parameters))
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def insert(model: type[Model], columns: Sequence[str], rows: Sequence[Row], **same: Any) -> None:
    """One row of `model` per tuple; `same` is what all of them have, every other field has its default.

    The values are str, int, bool or None: a date in ISO, JSON as text. Without "id" the database numbers
    them.
    """
    if not rows:
        return
    fields = [_field(model, name) for name in columns]
    others = [field for field in model._meta.concrete_fields if field not in fields and not field.primary_key]
    names = ", ".join(_quoted(field.column) for field in [*fields, *others])
    tail = tuple(_prepared(field, same) for field in others)
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({names}) FROM STDIN", rows, tail)
        return
    places = ", ".join(["%s"] * (len(fields) + len(others)))
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 -- names of our own columns
        cursor.executemany(sql, [row + tail for row in rows])


def _copy(sql: str, rows: Sequence[Row], tail: Row) -> None:
    """What PostgreSQL reads is made here and as a whole: sent row by row it would wait for the rows."""
    connection.ensure_connection()
    end = "".join([f"\t{_copied(_as_text(one))}" for one in tail]) + "\n"
    text = "".join(["\t".join(map(_copied, row)) + end for row in rows]).encode()

    def statement(raw: Any) -> None:
        with raw.cursor() as cursor, cursor.copy(sql) as copy:
            copy.write(text)

    if queue := _queue.get():
        queue.add(statement)
        return
    with connection.wrap_database_errors:
        statement(connection.connection)


def _as_text(value: Any) -> str | None:
    """A value of any kind, as the driver writes it."""
    if value is None:
        return None
    driver = connection.Database.adapt  # type: ignore[attr-defined] # psycopg, once it is used
    dumper = driver.Transformer(connection.connection).get_dumper(value, driver.PyFormat.TEXT)
    return bytes(dumper.dump(value)).decode()


def _copied(value: str | int | None) -> str:
    """As COPY reads it from a text."""
    if value is None:
        return r"\N"
    text = value if isinstance(value, str) else str(value)
    return text if text.isprintable() and "\\" not in text else text.translate(_COPY_ESCAPES)


def insert_missing(model: type[Model], columns: Sequence[str], rows: Sequence[Row], **same: Any) -> int:
    """The same but for rows that are there already; how many were not."""
    if not rows:
        return 0
    fields = [_field(model, name) for name in columns]
    others = [field for field in model._meta.concrete_fields if field not in fields]
    names = ", ".join(_quoted(field.column) for field in [*fields, *others])
    values = ", ".join([f"c{index}" for index in range(len(fields))] + ["%s"] * len(others))
    source, keys = keyed(rows, [field.db_type(connection) or "" for field in fields])
    # SQLite takes "ON CONFLICT" for a part of the join without a WHERE.
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) SELECT {values} FROM {source} WHERE true"  # noqa: S608
    tail = [_prepared(field, same) for field in others]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING", [*tail, *keys])
        return int(cursor.rowcount)


def update(model: type[Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set `columns` of the row whose primary key is the first value of each tuple."""
    if not rows:
        return
    fields = [_field(model, name) for name in columns]
    key = _field(model, "id")
    table, pk = _quoted(model._meta.db_table), _quoted(key.column)
    if connection.vendor == "postgresql":
        types = ", ".join(f"%s::{field.db_type(connection)}[]" for field in [key, *fields])
        given = ", ".join(f"v{index}" for index in range(len(fields) + 1))
        put = ", ".join(f"{_quoted(field.column)} = v{at}" for at, field in enumerate(fields, 1))
        sql = f"UPDATE {table} SET {put} FROM unnest({types}) AS given({given}) WHERE {table}.{pk} = v0"  # noqa: S608
        write(sql, [list(column) for column in zip(*rows, strict=True)])
        return
    put = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {put} WHERE {pk} = %s",  # noqa: S608
            [(*row[1:], row[0]) for row in rows],
        )


def reserve(model: type[Model], count: int) -> list[int]:
    """`count` primary keys that no other row will get, in rising order; those not used stay free."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Looked up once: by itself PostgreSQL would do so for every number.
            sequence = "(SELECT pg_get_serial_sequence(%s, 'id')::regclass)"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, %s)", [table, count])  # noqa: S608
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, 0)", [table])
        last = found[0] if found else 0
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
    return list(range(last + 1, last + count + 1))


def keyed(rows: Iterable[Row], types: Sequence[str]) -> tuple[str, list[Any]]:
    """`rows` as something to join with: SQL for "FROM … AS k (c0, c1, …)" and its parameters."""
    given = list(rows)
    if connection.vendor == "postgresql":
        columns = [array(column) for column in zip(*given, strict=True)] or ["{}" for _ in types]
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        names = ", ".join(f"c{index}" for index in range(len(types)))
        return f"unnest({arrays}) AS k ({names})", columns
    parts = ", ".join(f"json_extract(value, '$[{index}]') AS c{index}" for index in range(len(types)))
    return f"(SELECT {parts} FROM json_each(%s)) AS k", [_json(given)]  # noqa: S608


def one_by_one(keys: Sequence[int] | Sequence[UUID], using: str) -> RawSQL:
    """These primary keys for `pk__in` as one parameter: Django takes long over thousands of them."""
    plain = [key.hex if isinstance(key, UUID) else key for key in keys]
    if connections[using].vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(plain)])
    kind = "uuid" if plain and isinstance(plain[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [array(plain)])  # noqa: S611 -- one of two words


def array(values: Iterable[int | str]) -> str:
    """`values` as PostgreSQL writes an array: psycopg takes several times as long over a list."""
    return "{" + ",".join([str(one) if isinstance(one, int) else _in_quotes(one) for one in values]) + "}"


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _json(rows: list[Row]) -> str:
    return json.dumps(rows, ensure_ascii=False)


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    return field


def _prepared(field: "Field[Any, Any]", same: dict[str, Any]) -> Any:
    """The value that all rows have in `field`, as the database takes it."""
    if field.name in same or field.attname in same:
        value = same.get(field.name, same.get(field.attname))
    elif getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        value = timezone.now()
    else:
        value = field.get_default()
    value = value.pk if isinstance(value, Model) else value
    return field.get_db_prep_save(value, connection)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
