"""Lines of a person, on one review or on any, within stretches of time: one join on an index, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from ..models import AuditEntry
from ..reading import EntryQuerySet
from .among import among

FOR_EVER = 2**63 - 1


@dataclass(frozen=True, order=True)
class Stretch:
    """From `since` to before `until`, in microseconds since 1970."""

    person: int
    since: int
    until: int = FOR_EVER
    review: UUID | None = None


# How the lines of each stretch are found. PostgreSQL goes from stretch to stretch only if it cannot do otherwise.
JOINED = {
    "sqlite": "SELECT a.seq FROM s JOIN audit_entry a ON {}",
    "postgresql": "SELECT e.seq FROM s CROSS JOIN LATERAL "
    "(SELECT a.seq FROM audit_entry a WHERE {} ORDER BY a.at_us LIMIT 9223372036854775807) AS e",
}
SAME_TIME = "a.person = s.person AND a.at_us >= s.since AND a.at_us < s.until"


def within(entries: EntryQuerySet, stretches: Sequence[Stretch]) -> EntryQuerySet:
    """The entries of these people in these stretches; all with a review, or all without."""
    if not stretches:
        return entries.none()
    find = _on_a_review if stretches[0].review is not None else _anywhere
    return find(entries, stretches)


# Numbers stand in the text, since SQLite allows a statement only so many parameters.
def _anywhere(entries: EntryQuerySet, stretches: Sequence[Stretch]) -> EntryQuerySet:
    rows = ", ".join(f"({each.person}, {each.since}, {each.until})" for each in stretches)
    lines = JOINED[connection.vendor].format(SAME_TIME)
    return among(entries, f"WITH s (person, since, until) AS (VALUES {rows}) {lines}")


def _on_a_review(entries: EntryQuerySet, stretches: Sequence[Stretch]) -> EntryQuerySet:
    rows = ", ".join(f"({each.person}, {each.since}, {each.until}, %s)" for each in stretches)
    column = AuditEntry._meta.get_field("review")
    reviews = [column.get_db_prep_value(each.review, connection) for each in stretches]
    lines = JOINED[connection.vendor].format(f"a.review = s.review AND {SAME_TIME}")
    return among(entries, f"WITH s (person, since, until, review) AS (VALUES {rows}) {lines}", reviews)
