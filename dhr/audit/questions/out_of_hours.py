"""What people did before 7:00, from 20:00 on, at weekends and on bank holidays, in London.

The database knows microseconds since 1970 and no time zone, so the hour is reckoned from them: summer time adds one hour from
the last Sunday of March to the last of October, at 1:00 UTC (Summer Time Act 1972 s.1, as made permanent by the Summer Time
Order 2002).
"""

from datetime import UTC, date, datetime, timedelta

from django.db.models import BigIntegerField, Case, F, Q, Value, When

from dhr import clock

from ..reading import EntryQuerySet, microseconds
from .bank_holidays import SUNDAY, bank_holidays

BEGINS, ENDS = 7, 20  # the hours of a working day: from 7:00 to before 20:00
HOUR = 3_600_000_000  # microseconds
DAY = 24 * HOUR
THURSDAY = 3  # 1 January 1970
SATURDAY = 5
FIRST_YEAR = 2020  # no log is older


def find(entries: EntryQuerySet) -> EntryQuerySet:
    """Lines with a person; what the system does by itself knows no hours."""
    years = range(FIRST_YEAR, clock.today().year + 2)
    summer = Case(When(_in_summer(years), then=Value(HOUR)), default=Value(0), output_field=BigIntegerField())
    holidays = sorted(_number(day) for year in years for day in bank_holidays(year))
    told = entries.filter(person__isnull=False).alias(_local=F("at_us") + summer)
    told = told.alias(_hour=F("_local") % DAY / HOUR, _day=F("_local") / DAY).alias(_weekday=(F("_day") + THURSDAY) % 7)
    early_or_late = Q(_hour__lt=BEGINS) | Q(_hour__gte=ENDS)
    return told.filter(early_or_late | Q(_weekday__gte=SATURDAY) | Q(_day__in=holidays))


def _in_summer(years: range) -> Q:
    found = Q()
    for year in years:
        found |= Q(at_us__gte=_turn(year, 3), at_us__lt=_turn(year, 10))
    return found


def _turn(year: int, month: int) -> int:
    """When the clocks change in this month, in microseconds since 1970."""
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() - SUNDAY) % 7)
    return microseconds(datetime(year, month, sunday.day, 1, tzinfo=UTC))


def _number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - date(1970, 1, 1)).days
