"""A text file in pages: it has none of its own, so it is cut where a page would be full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from .troubles import NoPage, Why

LINES, LETTERS = 60, 5_000  # of one page, at most
LARGEST = 50_000_000  # bytes
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def page(file: IO[bytes], number: int) -> tuple[str, int]:
    """The words of page `number`, counted from 1, and how many pages there are. Raises NoPage."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NoPage(Why.TOO_LARGE)
    pages = list(_pages(_decoded(content)))
    if not 1 <= number <= len(pages):
        raise NoPage(Why.NO_SUCH_PAGE, len(pages))
    return pages[number - 1], len(pages)


def _decoded(content: bytes) -> str:
    for mark, name in BOMS.items():
        if content.startswith(mark):
            return content.decode(name, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Windows' Notepad wrote for thirty years


def _pages(text: str) -> Iterator[str]:
    """One page at least: an empty file has an empty one."""
    page: list[str] = []
    room = LETTERS
    for line in text.splitlines():
        for part in [line[start : start + LETTERS] for start in range(0, len(line), LETTERS)] or [""]:
            if page and (len(page) == LINES or len(part) > room):
                yield "\n".join(page)
                page, room = [], LETTERS
            page.append(part)
            room -= len(part)
    yield "\n".join(page)
