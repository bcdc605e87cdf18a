"""Whether an account worked at some moment, told from the lines about it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ..models import AuditEntry
from ..reading import first_moment
from .stretches import FOR_EVER, Stretch

INVITED, ACCEPTED = "account.invited", "account.invitation_used"
DEACTIVATED, REACTIVATED = "account.deactivated", "account.reactivated"
EVENTS = (INVITED, ACCEPTED, DEACTIVATED, REACTIVATED)


@dataclass
class Account:
    """What the log has said of one account so far. An account of which it says nothing works."""

    is_invited: bool = False
    has_accepted: bool = False
    deactivated_at: int | None = None  # microseconds
    expires_on: date | None = None
    spent: list[tuple[int, int]] = field(default_factory=list)  # stretches that are over, in which it had ended

    def hear(self, event: str, at_us: int, facts: Mapping[str, Any]) -> None:
        if event == INVITED:
            self._close_the_expiry(at_us)
            self.is_invited = True
            self.expires_on = date.fromisoformat(facts["expires_on"]) if "expires_on" in facts else None
        elif event == ACCEPTED:
            self.has_accepted = True
        elif event == DEACTIVATED:
            self.deactivated_at = at_us if self.deactivated_at is None else self.deactivated_at
        elif self.deactivated_at is not None:
            self.spent.append((self.deactivated_at + 1, at_us))
            self.deactivated_at = None

    def _close_the_expiry(self, at_us: int) -> None:
        since = self._expired_from()
        if since is not None and since < at_us:
            self.spent.append((since, at_us))

    def _expired_from(self) -> int | None:
        return first_moment(self.expires_on + timedelta(days=1)) if self.expires_on else None

    def ended(self) -> Iterator[tuple[int, int]]:
        """The stretches in which it was deactivated (after the line that says so) or past its last day."""
        yield from self.spent
        if self.deactivated_at is not None:
            yield self.deactivated_at + 1, FOR_EVER
        expired = self._expired_from()
        if expired is not None:
            yield expired, FOR_EVER

    def works(self, at_us: int) -> bool:
        """Whether it works at this moment, if nothing more has been said of it by then."""
        expired = self._expired_from()
        over = self.deactivated_at is not None or (expired is not None and expired <= at_us)
        return not over and (self.has_accepted or not self.is_invited)


def whom(person: int | None, facts: Mapping[str, Any]) -> int | None:
    return int(facts["whom"]) if "whom" in facts else person


def accounts_told(lines: Iterable[tuple[str, int, int | None, str]]) -> dict[int, Account]:
    """Every account that these lines (event, microseconds, person, details; oldest first) are about."""
    found: dict[int, Account] = {}
    for event, at_us, person, details in lines:
        facts = json.loads(details)
        about = whom(person, facts)
        if about is not None:
            found.setdefault(about, Account()).hear(event, at_us, facts)
    return found


def ended_stretches() -> list[Stretch]:
    """When whose account had ended, by the whole log."""
    lines = AuditEntry.objects.filter(event__in=EVENTS).oldest_first()
    told = accounts_told(lines.values_list("event", "at_us", "person", "details"))
    return [Stretch(person, since, until) for person, account in told.items() for since, until in account.ended()]
