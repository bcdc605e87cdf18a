"""Dates as people know them: exactly, between two days, or not at all."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.formats import date_format


class DateKind(StrEnum):
    """How well a date is known."""

    KNOWN = "known"
    BETWEEN = "between"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class ApproximateDate:
    """A day that is known (start = end), lies between two days (both included), or is not known (neither).

    Raises ValueError when kind and days do not belong together, so that no such value can exist.
    """

    kind: DateKind
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.kind is DateKind.NOT_KNOWN:
            if self.start or self.end:
                raise ValueError("A date that is not known has no days.")
            return
        if self.start is None or self.end is None:
            raise ValueError("A date that is known or lies between two days needs both ends.")
        if self.end < self.start or (self.kind is DateKind.KNOWN and self.start != self.end):
            raise ValueError("The last possible day must not be before the first.")

    @classmethod
    def known(cls, day: date) -> "ApproximateDate":
        return cls(DateKind.KNOWN, day, day)

    @classmethod
    def between(cls, first: date, last: date) -> "ApproximateDate":
        return cls(DateKind.BETWEEN, first, last)

    @classmethod
    def not_known(cls) -> "ApproximateDate":
        return cls(DateKind.NOT_KNOWN)

    def __str__(self) -> str:
        if self.kind is DateKind.NOT_KNOWN or self.start is None or self.end is None:
            return "not known"
        if self.kind is DateKind.KNOWN:
            return written(self.start)
        return f"between {written(self.start)} and {written(self.end)}"


def written(day: date) -> str:
    """The date as the field writes it: 5 March 2026."""
    return date_format(day, "j F Y")
