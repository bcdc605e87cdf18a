"""The blocks that a rendition is made of: headings, paragraphs, lists, tables, and the head of a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

MOST_TEXT = 3_000_000  # characters of one rendition: some 1,500 pages
MOST_BLOCKS = 30_000
MOST_ROWS, MOST_COLUMNS = 3_000, 60  # of one table
# Controls, and the marks that write text backwards: they could make a page of ours say what it does not.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    FACTS = "facts"
    ATTACHMENTS = "attachments"


class Trouble(StrEnum):
    """Why there is no rendition."""

    PASSWORD_NEEDED = "password_needed"  # noqa: S105 - the name of a trouble
    PASSWORD_WRONG = "password_wrong"  # noqa: S105
    CANNOT_UNLOCK = "cannot_unlock"
    NO_TEXT = "no_text"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"


class Unreadable(Exception):
    """There is no rendition; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Full(Exception):
    """The rendition is as long as one may be; what is in it stays."""


def clean(text: str) -> str:
    """What can be shown of a text, without the blank lines around it."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n ")


class Blocks:
    """A rendition in the making. Every way of adding raises Full when it is long enough."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.left = MOST_TEXT

    def heading(self, text: str, level: int = 2) -> None:
        if text := self._spent(text):
            self._add(Kind.HEADING, text=text, level=min(max(level, 1), 6))

    def paragraph(self, text: str) -> None:
        if text := self._spent(text):
            self._add(Kind.PARAGRAPH, text=text)

    def item(self, text: str) -> None:
        if text := self._spent(text):
            self._add(Kind.ITEM, text=text)

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        """A table as far as there is room for it; rows without any text are left out."""
        kept: list[list[str]] = []
        try:
            for row in rows:
                if len(kept) == MOST_ROWS:
                    raise Full
                cells = [self._spent(cell) for cell in row[:MOST_COLUMNS]]
                if any(cells):
                    kept.append(cells)
        finally:
            width = max(map(len, kept), default=0)
            if kept:
                self._add(Kind.TABLE, rows=[[*row, *[""] * (width - len(row))] for row in kept])

    def facts(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Label and value, of our own labels."""
        kept = [[label, value] for label, given in pairs if (value := self._spent(given))]
        if kept:
            self._add(Kind.FACTS, pairs=kept)

    def attachments(self, found: Iterable[tuple[str, int]]) -> None:
        """What is attached: the ending of its name and its bytes, nothing of what it is called."""
        kept = [[ending if re.fullmatch(r"[A-Za-z0-9]{1,8}", ending) else "", size] for ending, size in found]
        if kept:
            self._add(Kind.ATTACHMENTS, files=kept[:MOST_ROWS])

    def _add(self, kind: Kind, **facts: Any) -> None:
        if len(self.found) >= MOST_BLOCKS:
            raise Full
        self.found.append({"kind": kind.value, **facts})

    def _spent(self, text: str) -> str:
        text = clean(text)
        if len(text) > self.left:
            raise Full
        self.left -= len(text)
        return text
