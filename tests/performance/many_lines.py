"""A log of as many lines as one wants, as a partnership would leave it: people at work, chairs who come and go, refusals, a
burst of downloads now and then. All invented, and the same each time. Lines are only added: no trigger is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from dhr import clock
from dhr.access.roles import ROLE_NAMES
from dhr.audit import checkpoints
from dhr.audit.entry_bytes import canonical_details
from dhr.audit.models import THE_HEAD, AuditEntry, LogHead
from dhr.audit.reading import microseconds

DAYS = 5 * 365
REVIEWS, PAPERS = 300, 7_000
AT_A_TIME = 5_000
BURST, SECONDS_OF_A_BURST = 25, 9  # papers downloaded one after the other, and what lies between
# How often each happens, in ten thousand lines; None: the system, without a person.
OFTEN: dict[str, int] = {
    "review.viewed": 2600, "document.opened": 2200, "account.signed_in": 1100, "narrative.viewed": 800,
    "account.signed_out": 700, "notice.sent": 600, "list.searched": 560, "draft.commented": 420, "review.scoped": 220,
    "document.downloaded": 300, "identity.revealed": 150, "document.filed": 110, "access.refused": 90,
    "membership.joined": 50, "membership.ended": 36, "account.sign_in_failed": 30, "document.audience_changed": 14,
    "review.notified": 6, "review.decided": 5, "draft.signed_off": 4, "account.deactivated": 2, "account.invited": 2,
    "keys.review_rotated": 1,
}  # fmt: skip
IN_VAIN = frozenset({"access.refused", "account.sign_in_failed"})
OF_NO_REVIEW = ("account.", "list.")
ROLES = [ROLE_NAMES[role] for role in ("officer", "chair", "report_author", "panel_member")]


def review(number: int) -> UUID:
    return UUID(int=number % REVIEWS + 2**100)


def paper(number: int) -> UUID:
    """A paper; it is of the review with the same number."""
    return UUID(int=number % PAPERS + 2**90)


def write(lines: int, people: Sequence[int], until: datetime | None = None) -> None:
    """Add so many lines by these people (account numbers) over five years, the last of them before `until` (now)."""
    head = LogHead.objects.filter(pk=THE_HEAD).first() or LogHead()
    tree, held = head.tree(), []
    first = tree.size + 1
    for entry in invented(lines, people, first, until or clock.now()):
        held.append(entry)
        tree.add(bytes(entry.leaf))
        if len(held) == AT_A_TIME:
            AuditEntry.objects.bulk_create(held)
            held = []
    AuditEntry.objects.bulk_create(held)
    note = checkpoints.signer().sign(tree.size, tree.root())
    facts: dict[str, Any] = {"size": tree.size, "frontier": bytes(tree), "root": tree.root(), "checkpoint": note}
    LogHead.objects.update_or_create(pk=THE_HEAD, defaults=facts | {"at_us": entry.at_us})


def invented(lines: int, people: Sequence[int], first: int, until: datetime) -> Iterator[AuditEntry]:
    chance = Random(12)
    names, weights = list(OFTEN), list(accumulate(OFTEN.values()))
    team = Team(people, chance)
    burst: list[tuple[str, int, int]] = []
    last = 0
    for seq, at_us in enumerate(_moments(lines, until, chance), start=first):
        if burst:
            event, person, number = burst.pop()
            last += SECONDS_OF_A_BURST * 1_000_000
        else:
            event = chance.choices(names, cum_weights=weights)[0]
            person = team.somebody(event, seq - first, lines)
            number = chance.randrange(PAPERS)
            last = max(at_us, last)
            if event == "document.downloaded" and chance.random() < 0.002:
                burst = [(event, person, number + step) for step in range(1, BURST)]
        yield _entry(seq, last, event, person, number)


class Team:
    """Who does it: a few do most of it. Every third leaves some day, and only tries in vain from then on."""

    def __init__(self, people: Sequence[int], chance: Random) -> None:
        self.people, self.chance = people, chance
        self.weights = list(accumulate(weight * weight for weight in range(len(people), 0, -1)))
        self.leaving = {
            person: (place + 1) / (len(people) + 1) for place, person in enumerate(people) if place % 3 == 2
        }

    def somebody(self, event: str, done: int, lines: int) -> int:
        if event == "account.deactivated":
            gone = [person for person, share in self.leaving.items() if share <= done / lines]
            return self.chance.choice(gone or self.people[2:3])
        person = self.chance.choices(self.people, cum_weights=self.weights)[0]
        if self.leaving.get(person, 1) > done / lines or event in IN_VAIN:
            return person
        return self.people[0]


def _moments(lines: int, until: datetime, chance: Random) -> Iterator[int]:
    """Mostly on weekdays between eight and six; some of it at night and at weekends."""
    start = until.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    days = [start + timedelta(days=day) for day in range(DAYS)]
    each = list(accumulate(1 if day.weekday() >= 5 else 16 for day in days))
    done = 0
    for day, share in zip(days, each, strict=True):
        count = lines * share // each[-1] - done
        done += count
        begin = microseconds(day)
        yield from sorted(begin + _second(chance) * 1_000_000 + chance.randrange(1_000_000) for _ in range(count))


def _second(chance: Random) -> int:
    return chance.randrange(8 * 3600, 18 * 3600) if chance.random() < 0.94 else chance.randrange(24 * 3600 - 1)


def _entry(seq: int, at_us: int, event: str, person: int, number: int) -> AuditEntry:
    alone = event.startswith(OF_NO_REVIEW)
    kept = number % REVIEWS
    about = {} if alone else {"review": review(kept), "reference": f"DHR{kept + 1}"}
    if event.startswith("document."):
        about |= {"object": "document", "object_id": str(paper(number)), "version": 1 + number % 3}
    if event == "identity.revealed":
        about |= {"object": "sealedidentity", "object_id": str(UUID(int=kept + 2**80))}
    for_whom = person % 7 + 1 if event == "review.scoped" and number % 3 == 0 else None
    entry = AuditEntry(
        seq=seq,
        at_us=at_us,
        event=event,
        person=None if event in {"notice.sent", "keys.review_rotated"} else person,
        on_behalf_of=for_whom,
        details=canonical_details(_details(event, person, number)),
        **about,
    )
    entry.leaf = entry.computed_leaf()
    return entry


def _details(event: str, person: int, number: int) -> dict[str, str | int]:
    part: dict[str, str | int] = {"whom": person, "role": ROLES[number % 4]}
    given: dict[str, dict[str, str | int]] = {
        "document.opened": {"first": 0, "last": 65_535} if number % 5 == 0 else {},
        "document.filed": {"kind": "imr", "audience": "officers_and_chairs", "bytes": 1_000 + number},
        "document.audience_changed": {"kind": "imr", "audience": "chairs_only"},
        "access.refused": {"permission": "reviews.view_review"},
        "membership.joined": part | {"from_on": "2020-01-01"},
        "membership.ended": part | {"until_on": "2030-01-01"},
        "account.deactivated": {"whom": person},
        "account.invited": {"whom": person},
        "notice.sent": {"notice": "task_waiting", "whom": person},
        "review.viewed": {"page": "details"},
    }
    return given.get(event, {})
