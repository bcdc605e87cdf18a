"""Entries as they lie in the database, whatever somebody may have put there, and as lines of an export."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from .merkle import HASH_BYTES
from .models import THE_HEAD, LogHead
from .reading import microseconds

TABLE = "audit_entry"
NAMES = (
    "seq",
    "at_us",
    "event",
    "person",
    "on_behalf_of",
    "review",
    "reference",
    "object",
    "object_id",
    "version",
    "details",
)
COLUMNS = (*NAMES, "leaf")
REVIEW, REFERENCE = NAMES.index("review"), NAMES.index("reference")
AT_A_TIME = 2_000
MOST_BEYOND = 1_000  # entries after the end that the head tells: one is enough to say so
LONGEST_TEXT = 5_000  # characters; the longest that was ever written has under 2,000
NO_LEAF = b"\0" * HASH_BYTES
Row = Sequence[Any]


def up_to(size: int) -> Iterator[Row]:
    """The first `size` entries, oldest first. No long transaction: rows up to the head never change."""
    return _between(0, size)


def beyond(size: int) -> Iterator[Row]:
    """Entries that stand after the end by the head, which cannot be unless somebody put them there."""
    last = _ask(f"SELECT MAX(seq) FROM {TABLE}")[0][0] or 0  # noqa: S608 - no value in it
    head = LogHead.objects.filter(pk=THE_HEAD).first()  # read after the last entry: an honest head is never behind it
    end = head.size if head else 0
    if last <= end:
        return
    for number, row in enumerate(_between(max(end, size), last)):
        if number == MOST_BEYOND:
            return
        yield row


def _between(after: int, end: int) -> Iterator[Row]:
    columns = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    chosen = f"SELECT {columns} FROM {TABLE} WHERE seq > %s AND seq <= %s ORDER BY seq LIMIT {AT_A_TIME}"  # noqa: S608
    found = _ask(chosen, after, end)
    while found:
        yield from found
        found = _ask(chosen, found[-1][0], end)


def _ask(sql: str, *values: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Row] = cursor.fetchall()
        return found


class Selection:
    """Which entries are shown in full."""

    def __init__(self, reference: str, reviews: Iterable[UUID], since: date | None) -> None:
        self._reference, self._reviews = reference, {str(review) for review in reviews}
        self._first = _first_since(since) if since else 0

    def has(self, row: Row) -> bool:
        if row[0] < self._first:
            return False
        return not self._reference or row[REFERENCE] == self._reference or str(_review(row[REVIEW])) in self._reviews


def _first_since(day: date) -> int:
    """The number of the first entry of this day or later; beyond every number if there is none."""
    start = microseconds(timezone.make_aware(datetime.combine(day, time.min)))
    return _ask(f"SELECT MIN(seq) FROM {TABLE} WHERE at_us >= %s", start)[0][0] or 2**63  # noqa: S608


def leaf(row: Row) -> bytes:
    """The leaf hash that is kept with the entry."""
    kept = bytes(row[-1]) if isinstance(row[-1], bytes | memoryview) else NO_LEAF
    return kept if len(kept) == HASH_BYTES else NO_LEAF


def told(row: Row) -> str:
    """The line of an entry that is shown in full."""
    shown = [_plain(value) for value in row[:-1]]
    shown[REVIEW] = _review(row[REVIEW])
    return json.dumps([*shown, leaf(row).hex()], separators=(",", ":")) + "\n"


def hidden(row: Row) -> str:
    """The line of an entry that is counted and not shown."""
    return f'[{row[0]},"{leaf(row).hex()}"]\n'


def _plain(value: Any) -> Any:
    """What no append ever wrote is told in a form that no entry has."""
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return value if value is None or type(value) is int else [type(value).__name__]


def _review(value: Any) -> Any:
    """SQLite keeps a UUID as 32 hexadecimal digits, PostgreSQL as one."""
    if isinstance(value, str) and len(value) == 32:
        try:
            return str(UUID(value))
        except ValueError:
            return _plain(value)
    return str(value) if isinstance(value, UUID) else _plain(value)
