"""Draws a planned process picture."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from django.utils.safestring import SafeString

from .layout import LABEL, MARGIN, NOTE, PAD, SMALL, TITLES, WIDTH, Box, Way, plan
from .process import Lane, ProcessPicture, Status, describe
from .svg import (
    BRAND,
    GREY,
    INK,
    LINE,
    PALE,
    PAPER,
    RULE,
    YELLOW,
    arrow_head,
    drawing,
    el,
    hatch,
    joined,
    key_of,
    line,
    text,
    wrap,
)

Point = tuple[float, float]
BACK = "1 5"  # dashes of a line that leads back

# Fill, outline, its thickness, its dashes, and the colour of the words.
LOOKS: dict[Status, tuple[str, str, float, str | None, str]] = {
    Status.DONE: (BRAND, BRAND, 2, None, PAPER),
    Status.NOW: (YELLOW, INK, 4, None, INK),
    Status.TODO: (PAPER, GREY, 2, "7 4", INK),
    Status.SKIPPED: (PAPER, GREY, 1, None, GREY),
}


def draw(picture: ProcessPicture) -> SafeString:
    """The picture as an SVG element, 1000 units wide: fits a page of the service and a sheet of A4."""
    key, layout = key_of(picture), plan(picture)
    pattern = el("defs", hatch(f"{key}-hatch"))
    bands = [band(lane, top, bottom, shaded=bool(place % 2)) for place, (lane, top, bottom) in enumerate(layout.bands)]
    lines = [line(run, dashes=dashes) for dashes, run in runs(layout.ways)]
    heads = [arrow_head(*way.points[-1]) for way in layout.ways]
    steps = [step(box, f"{key}-hatch") for box in layout.boxes.values()]
    labels = [way_label(way) for way in layout.ways if way.words]
    parts = pattern, *bands, *lines, *heads, *steps, *labels
    return drawing(key, picture.title, " ".join(describe(picture)), WIDTH, layout.height, *parts)


def band(lane: Lane, top: float, bottom: float, *, shaded: bool) -> SafeString:
    look = {"fill": PALE if shaded else PAPER, "stroke": RULE, "stroke_width": 1}
    ground = el("rect", x=1, y=top, width=WIDTH - 2, height=bottom - top, **look)
    words = wrap(lane.title, TITLES - 2 * MARGIN, LABEL, bold=True)
    first = top + PAD + LABEL
    return joined([ground, *(text(w, MARGIN, first + LABEL * LINE * n, LABEL, bold=True) for n, w in enumerate(words))])


def runs(ways: Iterable[Way]) -> Iterator[tuple[str | None, list[Point]]]:
    """All straight runs of all lines, each once: what several lines share would come out thicker, or without gaps."""
    spans: dict[tuple[str | None, bool, float], list[tuple[float, float]]] = defaultdict(list)
    for way in ways:
        for (x1, y1), (x2, y2) in pairwise(way.points):
            upright = x1 == x2
            ends = sorted((y1, y2)) if upright else sorted((x1, x2))
            spans[BACK if way.back else None, upright, x1 if upright else y1].append((ends[0], ends[1]))
    for (dashes, upright, place), found in spans.items():
        for first, last in merged(found):
            yield dashes, [(place, first), (place, last)] if upright else [(first, place), (last, place)]


def merged(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans with those that overlap or touch made one."""
    whole: list[tuple[float, float]] = []
    for first, last in sorted(spans):
        if whole and first <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], last)
        else:
            whole.append((first, last))
    return whole


def way_label(way: Way) -> SafeString:
    x, y = way.out + 6, way.words_y
    return joined(text(words, x, y + n * SMALL * LINE, SMALL) for n, words in enumerate(way.words))


def step(box: Box, pattern: str) -> SafeString:
    fill, stroke, thick, dashes, ink = LOOKS[box.node.status]
    parts: list[object] = [
        el(
            "rect",
            x=box.x,
            y=box.y,
            width=box.wide,
            height=box.high,
            rx=6,
            fill=fill,
            stroke=stroke,
            stroke_width=thick,
            stroke_dasharray=dashes,
        )
    ]
    if box.node.status is Status.SKIPPED:
        parts.append(el("rect", x=box.x, y=box.y, width=10, height=box.high, fill=f"url(#{pattern})"))
    y = box.y + PAD + LABEL
    x = box.x + PAD + 8
    for words in box.lines:
        parts.append(text(words, x, y, LABEL, bold=True, fill=ink))
        y += LABEL * LINE
    parts.append(status(box, x, y, ink))
    for number, words in enumerate(box.notes, 1):
        parts.append(text(words, x, y + number * SMALL * LINE, NOTE, fill=ink))
    # The script scrolls a picture that is wider than the screen to the first step marked so.
    return el("g", *parts, data_here="yes" if box.node.status is Status.NOW else None)


def status(box: Box, x: float, y: float, ink: str) -> SafeString:
    """The status in words, with a tick before what is done and a marker before where the review is."""
    bold = box.node.status is Status.NOW
    if box.node.status is Status.DONE:
        sign: object = line([(x, y - 5), (x + 4, y - 1), (x + 11, y - 10)], stroke=ink, thick=2.5)
    elif bold:
        sign = el("circle", cx=x + 5, cy=y - 5, r=5, fill=ink)
    else:
        return text(box.node.words, x, y, SMALL, fill=ink)
    return joined([sign, text(box.node.words, x + 17, y, SMALL, bold=bold, fill=ink)])
