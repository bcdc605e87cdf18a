"""What people did, or tried, whose account had ended: deactivated, or past its last day."""

from ..reading import EntryQuerySet
from .accounts import ended_stretches
from .stretches import within


def find(entries: EntryQuerySet) -> EntryQuerySet:
    return within(entries, ended_stretches())
