"""What was refused."""

from ..events import Kind
from ..reading import EntryQuerySet


def find(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.of_kind(Kind.REFUSAL)
