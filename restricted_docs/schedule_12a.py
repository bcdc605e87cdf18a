"""Schedule 12A to the Local Government Act 1972, Part 1: the paragraphs that a restriction may cite, by version.

England's list in its present form applies since 1 March 2006 (SI 2006/88). Older lists and the Welsh one number the same
grounds differently, so a paragraph is always read with the version that it was proposed under.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True)
class Table:
    """One version of Part 1: the day it began to apply, and each paragraph in plain words."""

    version: str
    since: date
    paragraphs: Mapping[int, str]


ENGLAND_2006 = Table(
    version="england-2006-03-01",
    since=date(2006, 3, 1),
    paragraphs=MappingProxyType(
        {
            1: "Information about an individual",
            2: "Information that is likely to reveal who an individual is",
            3: "The financial or business affairs of a person, including the authority itself",
            4: "Consultations or negotiations about labour relations between the authority or a Minister and staff",
            5: "Information that could be withheld in legal proceedings as legally privileged",
            6: "Information that shows the authority proposes to give a statutory notice, or to make an order or direction",
            7: "Action taken, or to be taken, to prevent, investigate or prosecute crime",
        }
    ),
)
TABLES = (ENGLAND_2006,)  # oldest first; a new one is added, none is ever changed


def table_on(day: date) -> Table:
    """The list that applies on this day; raises LookupError before the first that is known here."""
    for table in reversed(TABLES):
        if table.since <= day:
            return table
    raise LookupError(f"No list of Schedule 12A is known for {day.isoformat()}.")


def table(version: str) -> Table:
    """The list of this version; raises LookupError."""
    for known in TABLES:
        if known.version == version:
            return known
    raise LookupError(f"No list of Schedule 12A is called {version}.")


def cited(paragraphs: Iterable[int]) -> str:
    """The sentence that stands in a public agenda in place of a restricted document."""
    numbers = ", ".join(str(number) for number in sorted(paragraphs))
    act = "Schedule 12A of the Local Government Act 1972"
    return f"By virtue of paragraph(s) {numbers} of Part 1 of {act}. Document is Restricted"
