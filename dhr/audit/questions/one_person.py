"""Who entered a review, decided it and signed it off, all by one account."""

from collections import defaultdict
from uuid import UUID

from ..models import AuditEntry
from ..reading import EntryQuerySet

ENTERED, DECIDED, SIGNED_OFF = "review.notified", "review.decided", "draft.signed_off"
ALL = frozenset({ENTERED, DECIDED, SIGNED_OFF})


def find(entries: EntryQuerySet) -> EntryQuerySet:
    """The three lines (more, where one was done again) of each such review: by who typed them, whoever they were for."""
    lines: dict[tuple[UUID | None, int | None], dict[int, str]] = defaultdict(dict)
    known = AuditEntry.objects.filter(event__in=ALL, review__isnull=False, person__isnull=False)
    for seq, event, review, person in known.values_list("seq", "event", "review", "person"):
        lines[review, person][seq] = event
    return entries.filter(seq__in=[seq for same in lines.values() if ALL.issubset(same.values()) for seq in same])
