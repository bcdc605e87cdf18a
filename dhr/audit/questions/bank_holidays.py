"""The bank holidays of England and Wales: Banking and Financial Dealings Act 1971 s.1 and Sch. 1, Good Friday and Christmas
Day by common law, New Year's Day and the first Monday in May by proclamation since 1974 and 1978.

A day that is proclaimed or moved in time to come is added to EXTRA or MOVED.
"""

from datetime import date, timedelta

MONDAY, SATURDAY, SUNDAY = 0, 5, 6
EXTRA = frozenset({date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


def bank_holidays(year: int) -> frozenset[date]:
    """Those of one year, from 1978 on; a holiday at a weekend counts on the weekday kept instead of it."""
    easter = easter_sunday(year)
    usual = {
        _next_weekday(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)),
        _monday(date(year, 8, 25)),
        *_christmas(year),
    }
    return frozenset({MOVED.get(day, day) for day in usual} | {day for day in EXTRA if day.year == year})


def easter_sunday(year: int) -> date:
    """By the anonymous Gregorian computus (Nature, 20 April 1876; Meeus, Astronomical Algorithms, ch. 8)."""
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * (year % 19) + century - leaps - moon + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _monday(day: date) -> date:
    """The first Monday from this day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _next_weekday(day: date) -> date:
    return _monday(day) if day.weekday() >= SATURDAY else day


def _christmas(year: int) -> set[date]:
    """25 and 26 December, and the weekdays kept instead of those at a weekend."""
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    moved = {SATURDAY: (27, 28), SUNDAY: (27, 26)}.get(christmas.weekday())
    if moved:
        return {date(year, 12, day) for day in moved}
    return {christmas, _next_weekday(boxing)}
