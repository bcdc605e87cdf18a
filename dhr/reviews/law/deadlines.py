"""When things fall due. Each rule names its source; a rule that was not checked against a page says so.

Calendar months end on the same day of the month, or on its last day where there is none.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Rule:
    """A term from a starting day: calendar months, then days. `source` is its legal basis or the practice it follows."""

    months: int = 0
    days: int = 0
    source: str = ""
    verified: bool = False

    def due(self, start: date) -> date:
        return add_months(start, self.months) + timedelta(days=self.days)


RULES: dict[str, Rule] = {
    "decision": Rule(months=1, source="2016 statutory guidance s.5: one month from notification (to verify)"),
    "telling": Rule(days=7, source="Practice: on deciding"),
    "scrutiny": Rule(months=2, source="Practice: the Home Office's look at a decision not to review"),
    "appointment": Rule(months=2, source="Practice: no national number"),
    "declaration": Rule(days=14, source="Practice"),
    "panel": Rule(months=1, source="Practice: first panel meeting"),
    "commission": Rule(days=42, source="Practice: six weeks, set in the terms of reference"),
    "report": Rule(months=6, source="2016 statutory guidance: overview report within six months of the decision"),
    "check": Rule(days=21, source="Practice"),
    "submission": Rule(days=14, source="Practice: on sign-off"),
    "answer": Rule(months=6, source="No rule: counted, never a breach"),
    "commissioners_copy": Rule(days=7, source="2004 Act s.9(3B): as soon as reasonably practicable"),
    "publication": Rule(months=1, source="Practice: after Home Office clearance"),
    "monitoring": Rule(months=3, source="Practice: three- and six-monthly monitoring"),
    "action_plan": Rule(source="The last date of the plan's own actions"),
}


def add_months(day: date, months: int) -> date:
    """The same day of the month so many calendar months later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def due_on(rule: str, start: date) -> date:
    """The day on which `rule` falls due from `start`. Raises KeyError for a rule that is not in the table."""
    return RULES[rule].due(start)
