"""Who had which part in a review from when until when, told from the lines about it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ..reading import first_moment, moment_of
from .stretches import FOR_EVER

JOINED, CHANGED, ENDED = "membership.joined", "membership.changed", "membership.ended"
EVENTS = (JOINED, CHANGED, ENDED)


@dataclass
class Part:
    """One membership as the log tells it; `role` in the words of the log. It gives nothing before the line that gave it.

    A change of its days ends it and begins another with the new ones: what was true before the change stays true.
    """

    person: int
    review: UUID | None
    role: str
    joined_us: int
    from_on: date
    until_on: date | None = None
    ended_us: int | None = None
    commission: str = ""
    paper: str = ""

    @property
    def since(self) -> int:
        return max(self.joined_us, first_moment(self.from_on))

    @property
    def until(self) -> int:
        """The first microsecond in which it gives nothing any more."""
        last_day = first_moment(self.until_on + timedelta(days=1)) if self.until_on else FOR_EVER
        return min(last_day, self.ended_us if self.ended_us is not None else FOR_EVER)

    def gives(self, at_us: int) -> bool:
        return self.since <= at_us < self.until


def parts_told(lines: Iterable[tuple[str, int, UUID | None, str]]) -> list[Part]:
    """Every part that these lines (event, microseconds, review, details; oldest first) are about."""
    found: list[Part] = []
    held: dict[tuple[UUID | None, str], Part] = {}
    for event, at_us, review, details in lines:
        facts = json.loads(details)
        key = (review, _key(facts))
        if event == JOINED:
            held[key] = _joined(at_us, review, facts)
            found.append(held[key])
        elif key in held and event == ENDED:
            held.pop(key).ended_us = at_us
        elif key in held and event == CHANGED:
            part = held[key]
            if part.since < at_us:
                held[key] = replace(part)
                part.ended_us = at_us
                found.append(held[key])
            _give_days(held[key], at_us, facts)
    return found


def _give_days(part: Part, at_us: int, facts: Mapping[str, Any]) -> None:
    part.joined_us = at_us
    part.from_on = _day(facts, "from_on") or part.from_on
    part.until_on = _day(facts, "until_on")


def _key(facts: Mapping[str, Any]) -> str:
    """The membership's own number; lines from before it was told are matched by person and role."""
    return str(facts.get("membership") or f"{facts['whom']} {facts['role']}")


def _joined(at_us: int, review: UUID | None, facts: Mapping[str, Any]) -> Part:
    return Part(
        person=int(facts["whom"]),
        review=review,
        role=str(facts["role"]),
        joined_us=at_us,
        from_on=_day(facts, "from_on") or moment_of(at_us).date(),
        until_on=_day(facts, "until_on"),
        commission=str(facts.get("commission", "")),
        paper=str(facts.get("paper", "")),
    )


def _day(facts: Mapping[str, Any], key: str) -> date | None:
    return date.fromisoformat(str(facts[key])) if key in facts else None
