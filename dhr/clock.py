"""The one clock. Everything that asks "when is it?" asks here, so that tests and the demo can set the answer.

Moments are aware datetimes in UTC; days are calendar days in the statute's time zone (settings.TIME_ZONE).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment, or the moment that `at` has set."""
    return _frozen.get() or timezone.now()


def today() -> date:
    """The calendar day in the statute's time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment` (an aware datetime). Blocks nest; each ends with the time before it."""
    if timezone.is_naive(moment):
        raise ValueError("The clock needs a moment with a time zone.")
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
