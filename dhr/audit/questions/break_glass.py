"""The recovery key and the keys of the service. By the beginning of the name: an event that is added later is found too."""

from ..events import EVENTS
from ..reading import EntryQuerySet

SUBJECTS = ("recovery.", "keys.")


def find(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.filter(event__in=[name for name in EVENTS if name.startswith(SUBJECTS)])
