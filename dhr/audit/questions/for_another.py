"""What somebody recorded for somebody else: with an account, who is then named, or without one."""

from django.db.models import Q

from ..models import SAYS_FOR_ANOTHER
from ..reading import EntryQuerySet


def find(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.filter(Q(on_behalf_of__isnull=False) | Q(details__contains=SAYS_FOR_ANOTHER))
