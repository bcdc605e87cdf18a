"""Entries by the numbers that a piece of SQL finds, so that the database goes to each by its key and never through the table.

PostgreSQL would guess how many they are, and read the whole table where it guesses many: an array hides them from the guess.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from ..reading import EntryQuerySet

FOUND = {"sqlite": "audit_entry.seq IN ({})", "postgresql": "audit_entry.seq = ANY(ARRAY({}))"}


def among(entries: EntryQuerySet, sql: str, values: Sequence[Any] = ()) -> EntryQuerySet:
    """The entries whose `seq` is found by `sql`. Nothing of a request may stand in it: that goes into `values`."""
    whole = FOUND[connection.vendor].format(sql)
    return entries.filter(RawSQL(whole, values, output_field=BooleanField()))  # noqa: S611 - of this package alone
