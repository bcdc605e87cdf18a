"""DOCX and DOCM: the text of the body, its headings, lists and tables, then footnotes and comments (ECMA-376 part 1, 17)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from ..kinds import xml
from ..kinds.packages import main_part
from .blocks import Blocks

HEADING = re.compile(r"heading\s?([1-6])", re.IGNORECASE)
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
STRUCK = frozenset({"del", "moveFrom", "Fallback"})  # struck out, or said again for older programs
BEHIND = (("word/footnotes.xml", "Footnotes"), ("word/endnotes.xml", "Endnotes"), ("word/comments.xml", "Comments"))


def render(package: zipfile.ZipFile, ending: str, out: Blocks) -> None:
    """Every paragraph in its order. Deleted text, field codes, headers and footers are left out."""
    main = main_part(xml.small(package, "[Content_Types].xml"), ending)
    _Reader(out).read(package, main)
    names = set(package.namelist())
    for part, heading in BEHIND:
        if part in names:
            notes = Blocks()
            _Reader(notes).read(package, part)
            if notes.found:
                out.heading(heading)
                for note in notes.found:
                    out.item(str(note.get("text", "")))


class _Reader:
    """Follows the elements of one part as they begin and end. Tables inside tables become lines of their cell."""

    def __init__(self, out: Blocks) -> None:
        self.out = out
        self.struck = 0
        self.paragraphs: list[list[str]] = []
        self.styles: list[str] = []
        self.listed: list[bool] = []
        self.tables: list[list[list[list[str]]]] = []

    def read(self, package: zipfile.ZipFile, part: str) -> None:
        for event, element in xml.events(package, part):
            name = xml.local(element.tag)
            if event == "start":
                self._begin(name)
            else:
                self._end(name, element)

    def _begin(self, name: str) -> None:
        if name in STRUCK:
            self.struck += 1
        elif name == "p":
            self.paragraphs.append([])
            self.styles.append("")
            self.listed.append(False)
        elif name == "tbl":
            self.tables.append([])
        elif name == "tr" and self.tables:
            self.tables[-1].append([])
        elif name == "tc" and self.tables and self.tables[-1]:
            self.tables[-1][-1].append([])

    def _end(self, name: str, element: Any) -> None:
        if name in STRUCK:
            self.struck -= 1
        elif name == "p":
            self._paragraph()
        elif name == "tbl" and self.tables:
            self._table()
        elif self.paragraphs and not self.struck:
            self._in_paragraph(name, element)
        if name not in {"t", "pStyle", "numPr", "rPr", "pPr"}:  # nothing above a paragraph is needed again
            element.clear()

    def _in_paragraph(self, name: str, element: Any) -> None:
        if name == "t":
            self.paragraphs[-1].append(element.text or "")
        elif name in SIGNS:
            self.paragraphs[-1].append(SIGNS[name])
        elif name == "pStyle":
            self.styles[-1] = xml.attribute(element, "val")
        elif name == "numPr":
            self.listed[-1] = True

    def _paragraph(self) -> None:
        text, style, listed = "".join(self.paragraphs.pop()), self.styles.pop(), self.listed.pop()
        level = HEADING.match(style)
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1].append(text)
        elif level or style == "Title":
            self.out.heading(text, int(level.group(1)) if level else 1)
        elif listed or style.startswith("List"):
            self.out.item(text)
        else:
            self.out.paragraph(text)

    def _table(self) -> None:
        rows = [["\n".join(cell) for cell in row] for row in self.tables.pop()]
        if self.tables and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1].extend(_lines(rows))
        else:
            self.out.table(rows)


def _lines(rows: list[list[str]]) -> Iterator[str]:
    for row in rows:
        yield " | ".join(row)
