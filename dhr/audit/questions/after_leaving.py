"""What somebody tried on a review after their part in it had ended, while they had no other part in it.

Lines of the same moment as the one that ended it are its own: who stands down is told so in one transaction.
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from ..models import AuditEntry
from ..reading import EntryQuerySet
from .parts import EVENTS, Part, parts_told
from .stretches import FOR_EVER, Stretch, within


def find(entries: EntryQuerySet) -> EntryQuerySet:
    lines = AuditEntry.objects.filter(event__in=EVENTS, review__isnull=False).oldest_first()
    held: dict[tuple[UUID | None, int], list[Part]] = defaultdict(list)
    for part in parts_told(lines.values_list("event", "at_us", "review", "details")):
        held[part.review, part.person].append(part)
    return within(entries, [gap for parts in held.values() for gap in _gaps(parts)])


def _gaps(parts: list[Part]) -> Iterator[Stretch]:
    """When they had no part any more, or not again yet."""
    parts = sorted(parts, key=lambda part: part.since)
    over = parts[0].until
    for part in parts[1:]:
        if part.since > over:
            yield _gap(part, over, part.since)
        over = max(over, part.until)
    if over < FOR_EVER:
        yield _gap(parts[0], over, FOR_EVER)


def _gap(part: Part, over: int, until: int) -> Stretch:
    return Stretch(part.person, over + 1, until, part.review)
