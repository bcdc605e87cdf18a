"""One person who opens, downloads or reveals more than twenty different papers and names within ten minutes.

Papers are opened in parts (a line for each), so things are counted, not lines: what is opened again within the ten minutes
is not counted again. The answer is every opening that is one of such a run, the first of it included.

Two steps keep it quick. One pass over an index finds where twenty-one lines, of whatever things, lie within ten minutes; only
around those are things told apart. Whether a line is a first opening is told by the ten minutes before it, and whether it ends
a run by the ten minutes before it again: so each place is looked at from twenty minutes before.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from ..models import OPENINGS
from ..reading import EntryQuerySet
from .among import among

MANY = 20
MINUTES = 10
TELLS = (
    f"One person opened, downloaded or revealed more than {MANY} different papers and names within {MINUTES} minutes. "
    "Each is shown once, where it was first opened."
)
SHORT = MINUTES * 60 * 1_000_000  # microseconds
BEFORE = 2 * SHORT
_EVENTS = ", ".join(f"'{name}'" for name in OPENINGS)  # as the index has them
# Where the twentieth line before this one is no longer ago than that.
CROWDED = f"""
    SELECT person, at_us FROM (
        SELECT person, at_us, at_us - LAG(at_us, {MANY}) OVER (PARTITION BY person ORDER BY at_us, seq) AS apart
        FROM audit_entry WHERE event IN ({_EVENTS}) AND person IS NOT NULL
    ) AS every_one WHERE apart <= {SHORT} ORDER BY person, at_us
"""  # noqa: S608 - numbers and names of this file alone


@dataclass
class Place:
    """Where one person has many lines, in microseconds: from the first to the last that may end a run."""

    person: int
    first: int
    last: int


def find(entries: EntryQuerySet) -> EntryQuerySet:
    with connection.cursor() as cursor:
        cursor.execute(CROWDED)
        places = _places(cursor.fetchall())
    return among(entries, _runs(places)) if places else entries.none()


def _places(crowded: Iterable[tuple[int, int]]) -> list[Place]:
    found: list[Place] = []
    for person, at_us in crowded:
        if found and found[-1].person == person and at_us - BEFORE <= found[-1].last:
            found[-1].last = at_us
        else:
            found.append(Place(person, at_us, at_us))
    return found


def _runs(places: Iterable[Place]) -> str:
    """Innermost: how long ago this person had this thing open. Then: does a run end here? Then: is it one of a run?"""
    rows = ", ".join(f"({each.person}, {each.first - BEFORE}, {each.last})" for each in places)
    return f"""
        WITH place (person, since, last) AS (VALUES {rows})
        SELECT seq FROM (
            SELECT seq, MAX(ends) OVER (
                PARTITION BY person ORDER BY at_us, seq ROWS BETWEEN CURRENT ROW AND {MANY} FOLLOWING
            ) AS is_one FROM (
                SELECT person, at_us, seq, CASE WHEN at_us - LAG(at_us, {MANY}) OVER (
                    PARTITION BY person ORDER BY at_us, seq
                ) <= {SHORT} THEN 1 ELSE 0 END AS ends FROM (
                    SELECT e.person, e.at_us, e.seq, e.at_us - LAG(e.at_us) OVER (
                        PARTITION BY e.person, e.object_id ORDER BY e.at_us, e.seq
                    ) AS apart
                    FROM place JOIN audit_entry e
                    ON e.person = place.person AND e.at_us >= place.since AND e.at_us <= place.last
                    WHERE e.event IN ({_EVENTS})
                ) AS opened WHERE apart IS NULL OR apart > {SHORT}
            ) AS counted
        ) AS run WHERE is_one = 1
        """  # noqa: S608 - whole numbers, and names of this file alone
