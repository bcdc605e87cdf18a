"""How long before a meeting its agenda has to be there (Local Government Act 1972 s.100B(3): five clear days).

The board is no committee of the council and follows the rule as good practice, so a short notice is said, never refused.
"""

from __future__ import annotations

from datetime import date, timedelta

CLEAR_DAYS = 5
SATURDAY = 5  # date.weekday()


def clear_days(issued_on: date, meeting_on: date) -> int:
    """Working days between the two, counting neither (councils leave out weekends; bank holidays are not known here)."""
    between = (issued_on + timedelta(days=n) for n in range(1, (meeting_on - issued_on).days))
    return sum(day.weekday() < SATURDAY for day in between)


def short_notice(issued_on: date, meeting_on: date) -> str:
    """The sentence to show for an agenda issued on this day, or "" where there is enough time."""
    days = clear_days(issued_on, meeting_on)
    if days >= CLEAR_DAYS:
        return ""
    return (
        f"Between issuing the agenda and the meeting there {'is' if days == 1 else 'are'} {days} clear working "
        f"{'day' if days == 1 else 'days'}; five are expected. Ask the chair to agree the short notice, and minute why."
    )
