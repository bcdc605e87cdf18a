"""The few SVG elements that the pictures need, and how wide words are."""

import hashlib
from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
INK, PAPER, GREY, RULE, PALE = "#0b0c0c", "#ffffff", "#505a5f", "#b1b4b6", "#f3f4f5"
BRAND, YELLOW, RED = "#005a6f", "#ffdd00", "#942514"
NARROW, WIDE = "iljtfrI.,:;'|!()[] ", "mwMW@%"
LINE = 1.3  # height of a line of text, in font sizes


def el(name: str, *content: object, **attributes: object) -> SafeString:
    """One element; underscores in names become hyphens, a trailing one is dropped, None leaves an attribute out."""
    given = [(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None]
    written = format_html_join("", ' {}="{}"', ((key, plain(value)) for key, value in given))
    return format_html("<{}{}>{}</{}>", name, written, joined(content), name)


def joined(parts: Iterable[object]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def plain(value: object) -> object:
    """Numbers short: 12 for 12.0, 3.25 for 3.2500001."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def text(
    words: object, x: float, y: float, size: int = 14, *, bold: bool = False, fill: str = INK, anchor: str | None = None
) -> SafeString:
    """One line of text whose baseline is at y."""
    return el(
        "text",
        words,
        x=x,
        y=y,
        fill=fill,
        font_family=FONT,
        font_size=size,
        font_weight=700 if bold else 400,
        text_anchor=anchor,
    )


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Width of a line in Helvetica or a font of its measure, rounded up: labels must never reach a line."""
    units = sum(0.32 if sign in NARROW else 0.9 if sign in WIDE else 0.72 if sign.isupper() else 0.57 for sign in words)
    return units * size * (1.07 if bold else 1.0)


def wrap(words: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The words in as many lines as fit the room; a single word that is too long keeps a line of its own."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def line(
    points: Sequence[tuple[float, float]], *, stroke: str = INK, dashes: str | None = None, thick: float = 1.5
) -> SafeString:
    places = " L".join(f"{plain(float(x))} {plain(float(y))}" for x, y in points)
    look = {"stroke": stroke, "stroke_width": thick, "stroke_dasharray": dashes, "stroke_linecap": "square"}
    return el("path", d=f"M{places}", fill="none", **look)


def arrow_head(x: float, y: float, *, fill: str = INK) -> SafeString:
    """A head that points down at (x, y)."""
    return el("path", d=f"M{x - 5:.1f} {y - 9:.1f}L{x + 5:.1f} {y - 9:.1f}L{x:.1f} {y:.1f}Z", fill=fill)


def hatch(id_: str, colour: str = GREY, ground: str = PAPER) -> SafeString:
    stripe = el("path", d="M0 8L8 0M-2 2L2 -2M6 10L10 6", stroke=colour, stroke_width=2)
    ground_ = el("rect", width=8, height=8, fill=ground)
    return el("pattern", ground_, stripe, id=id_, width=8, height=8, patternUnits="userSpaceOnUse")


def drawing(key: str, title: str, description: str, wide: float, high: float, *content: object) -> SafeString:
    """A whole picture: one image with a name and a description for a screen reader."""
    named = el("title", title, id=f"{key}-title"), el("desc", description, id=f"{key}-desc")
    ground = el("rect", width=wide, height=high, fill=PAPER)
    return el(
        "svg",
        *named,
        ground,
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {plain(wide)} {plain(high)}",
        width=wide,
        height=high,
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )


def key_of(content: object) -> str:
    """An id for a picture, from what it shows."""
    return f"picture-{hashlib.sha256(repr(content).encode()).hexdigest()[:10]}"
