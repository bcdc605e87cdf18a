"""How reviews stand against their dates: from the start to today, what was promised, and how late it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.safestring import SafeString

from dhr.govuk.dates import written

from .svg import BRAND, GREY, INK, PALE, PAPER, RED, RULE, drawing, el, hatch, joined, key_of, line, text, width

WIDTH, NAMES, WORDS = 1000.0, 170.0, 190.0  # the picture; the column of names; the column of what it comes to
TOP, ROW, BAR = 84.0, 52.0, 20.0
UNDER_WAY, MORE_TIME = "#9cc6d1", "#dfeef2"
SOON = 14  # days before the end of the axis
LEAST_ROOM = 36.0  # for the name of a month


@dataclass(frozen=True)
class BarRow:
    """One review. target: the date the guidance gives; agreed: a later one agreed; ended: when it was finished."""

    label: str
    start: date
    target: date
    agreed: date | None = None
    ended: date | None = None
    note: str = ""

    @property
    def due(self) -> date:
        return self.agreed or self.target

    def days_late(self, today: date) -> int:
        """Days past the date that counts, negative while there is time."""
        return ((self.ended or today) - self.due).days

    def words(self, today: date) -> str:
        late = self.days_late(today)
        if self.ended:
            return f"Finished {days(late)} late" if late > 0 else "Finished in time"
        return f"{days(late)} late" if late > 0 else "Due today" if late == 0 else f"{days(-late)} left"


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


class Axis(NamedTuple):
    first: date
    last: date

    def x(self, day: date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return NAMES + share * (WIDTH - NAMES - WORDS)


def describe_bars(rows: Sequence[BarRow], today: date) -> list[str]:
    """The picture in words: one line a review."""
    return [sentence(row, today) for row in rows]


def sentence(row: BarRow, today: date) -> str:
    agreed = f", agreed later date {written(row.agreed)}" if row.agreed else ""
    ended = f", finished {written(row.ended)}" if row.ended else ""
    dates = f"started {written(row.start)}, target {written(row.target)}{agreed}{ended}"
    return f"{row.label}: {dates}. {row.words(today)}."


def bars(rows: Sequence[BarRow], today: date, title: str = "Reviews against their dates") -> SafeString:
    """The picture as an SVG element, 1000 units wide; rows in the order given."""
    key = key_of((rows, today, title))
    spots = [day for row in rows for day in (row.start, row.target, row.agreed, row.ended) if day] + [today]
    axis = Axis(min(spots).replace(day=1), max(spots) + timedelta(days=SOON))
    high = TOP + ROW * len(rows) + 30
    drawn = [bar(row, TOP + ROW * place, axis, today, f"{key}-late") for place, row in enumerate(rows)]
    frame = el("defs", hatch(f"{key}-late", RED)), legend(f"{key}-late"), months(axis, high - 30)
    described = " ".join(describe_bars(rows, today))
    return drawing(key, title, described, WIDTH, high, *frame, *drawn, now(axis, today, high))


def bar(row: BarRow, top: float, axis: Axis, today: date, late: str) -> SafeString:
    y, until = top + (ROW - BAR) / 2, row.ended or today
    finished = row.ended is not None
    parts = [
        line([(0, top), (WIDTH, top)], stroke=RULE, thick=1),
        text(row.label, 0, top + (22 if row.note else 31), 15, bold=True),
        text(row.note, 0, top + 40, 13, fill=GREY) if row.note else "",
        span(axis, row.start, row.due, y, fill=PAPER, dashes="4 3"),
    ]
    if row.agreed:
        parts.append(span(axis, row.target, row.agreed, y, fill=MORE_TIME, dashes="4 3"))
    parts.append(span(axis, row.start, min(until, row.due), y, fill=BRAND if finished else UNDER_WAY))
    if until > row.due:
        parts.append(span(axis, row.due, until, y, fill=f"url(#{late})", stroke=RED))
    parts.append(diamond(axis.x(row.target), y + BAR / 2, fill=PAPER))
    if row.agreed:
        parts.append(diamond(axis.x(row.agreed), y + BAR / 2, fill=INK))
    is_late = row.days_late(today) > 0
    parts.append(text(row.words(today), WIDTH - WORDS + 14, top + 31, 14, bold=is_late, fill=RED if is_late else INK))
    return joined(parts)


def span(
    axis: Axis, first: date, last: date, y: float, *, fill: str, stroke: str = BRAND, dashes: str | None = None
) -> SafeString:
    wide = max(axis.x(last) - axis.x(first), 0.0)
    look = {"fill": fill, "stroke": stroke, "stroke_width": 1.5, "stroke_dasharray": dashes}
    return el("rect", x=axis.x(first), y=y, width=wide, height=BAR, **look)


def diamond(x: float, y: float, *, fill: str) -> SafeString:
    path = f"M{x:.1f} {y - 15:.1f}L{x + 7:.1f} {y:.1f}L{x:.1f} {y + 15:.1f}L{x - 7:.1f} {y:.1f}Z"
    return el("path", d=path, fill=fill, stroke=INK, stroke_width=1.5)


def months(axis: Axis, bottom: float) -> SafeString:
    """Month bands; as many names as there is room for, at equal distances, the year above its first name."""
    starts = first_days(axis)
    room = (axis.x(axis.last) - axis.x(axis.first)) / len(starts)
    every = next((step for step in (1, 2, 3, 6) if step * room >= LEAST_ROOM), 12)
    parts = []
    for place, day in enumerate(starts):
        x, end = axis.x(day), axis.x(starts[place + 1] if place + 1 < len(starts) else axis.last)
        if place % 2:
            parts.append(el("rect", x=x, y=TOP, width=end - x, height=bottom - TOP, fill=PALE))
        if (day.month - 1) % every == 0 and x + LEAST_ROOM < WIDTH - WORDS + 20:
            parts.append(text(f"{day:%b}", x + 2, TOP - 8, 13))
        if place == 0 or day.month == 1:
            parts.append(text(day.year, x + 2, TOP - 25, 13, bold=True))
    return joined(parts)


def first_days(axis: Axis) -> list[date]:
    found, day = [], axis.first
    while day < axis.last:
        found.append(day)
        day = (day + timedelta(days=31)).replace(day=1)
    return found


def now(axis: Axis, today: date, high: float) -> SafeString:
    x = axis.x(today)
    box = el("rect", x=x - 28, y=high - 26, width=56, height=22, fill=INK)
    words = text("Today", x, high - 10, 13, bold=True, fill=PAPER, anchor="middle")
    return joined([line([(x, TOP), (x, high - 26)], thick=2), box, words])


def legend(late: str) -> SafeString:
    entries = (
        ("Finished", sample(BRAND)),
        ("Under way", sample(UNDER_WAY)),
        ("Time left", sample(PAPER, dashes="4 3")),
        ("Late", sample(f"url(#{late})", stroke=RED)),
        ("Target date", diamond(14, 14, fill=PAPER)),
        ("Agreed later date", diamond(14, 14, fill=INK)),
    )
    x, parts = 0.0, []
    for words, drawn in entries:
        parts.append(el("g", drawn, text(words, 34, 19, 13), transform=f"translate({x:.0f} 4)"))
        x += 34 + width(words, 13) + 18
    return joined(parts)


def sample(fill: str, *, stroke: str = BRAND, dashes: str | None = None) -> SafeString:
    look = {"fill": fill, "stroke": stroke, "stroke_width": 1.5, "stroke_dasharray": dashes}
    return el("rect", x=0, y=6, width=28, height=16, **look)
