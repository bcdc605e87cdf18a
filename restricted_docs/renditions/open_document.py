"""ODT: headings, paragraphs, lists and tables of the text (OpenDocument 1.3 part 3, 5 and 9)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

from ..kinds import xml
from .blocks import MOST_COLUMNS, Blocks

APART = frozenset(
    {"p", "h", "annotation", "note", "table"}
)  # told where they end, not inside the paragraph around them
MOST_SPACES = 100


def render(package: zipfile.ZipFile, out: Blocks) -> None:
    """Every paragraph in its order. Struck text, scripts and pictures are left out."""
    _Reader(out).read(package)


class _Reader:
    def __init__(self, out: Blocks) -> None:
        self.out = out
        self.struck = self.lists = 0
        self.tables: list[list[list[str]]] = []

    def read(self, package: zipfile.ZipFile) -> None:
        for event, element in xml.events(package, "content.xml"):
            name = xml.local(element.tag)
            if event == "start":
                self._begin(name)
            else:
                self._end(name, element)

    def _begin(self, name: str) -> None:
        if name in {"tracked-changes", "annotation"}:
            self.struck += 1
        elif name == "list":
            self.lists += 1
        elif name == "table":
            self.tables.append([])
        elif name == "table-row" and self.tables:
            self.tables[-1].append([])
        elif name in {"table-cell", "covered-table-cell"} and self.tables and self.tables[-1]:
            self.tables[-1][-1].append("")

    def _end(self, name: str, element: Any) -> None:
        if name in {"tracked-changes", "annotation"}:
            self.struck -= 1
            _empty(element)
        elif name == "list":
            self.lists -= 1
        elif name in {"p", "h"}:
            self._paragraph(name, element)
        elif name == "table-cell" and self.tables and self.tables[-1]:
            self._repeat(element)
        elif name == "table" and self.tables:
            self._table()
        elif name in {"list-item", "table-row", "table-cell", "text"}:
            element.clear()

    def _paragraph(self, name: str, element: Any) -> None:
        text = "" if self.struck else "".join(_text(element))
        level = xml.attribute(element, "outline-level")
        _empty(element)
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            row = self.tables[-1][-1]
            row[-1] = f"{row[-1]}\n{text}" if row[-1] else text
        elif name == "h":
            self.out.heading(text, int(level) if level.isdigit() else 2)
        elif self.lists:
            self.out.item(text)
        else:
            self.out.paragraph(text)

    def _repeat(self, element: Any) -> None:
        """A cell that stands for several of the same."""
        times = xml.attribute(element, "number-columns-repeated")
        row = self.tables[-1][-1]
        if times.isdigit() and len(times) < 6:
            row += [row[-1]] * min(int(times) - 1, max(MOST_COLUMNS - len(row), 0))

    def _table(self) -> None:
        rows = self.tables.pop()
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += "\n".join(" | ".join(row) for row in rows)
        else:
            self.out.table(rows)


def _empty(element: Any) -> None:
    """Let go of what is inside; what stands behind it belongs to the paragraph around it."""
    behind = element.tail
    element.clear()
    element.tail = behind


def _text(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = xml.local(child.tag)
        if name == "s":
            times = xml.attribute(child, "c")
            yield " " * (min(int(times), MOST_SPACES) if times.isdigit() and len(times) < 6 else 1)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in APART:
            yield from _text(child)
        yield child.tail or ""
