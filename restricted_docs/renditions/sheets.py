"""XLSX (ECMA-376 part 1, 18) and CSV (RFC 4180): what the cells show; nothing is calculated."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..kinds import xml
from .blocks import MOST_COLUMNS, MOST_TEXT, Blocks, Full, Trouble, Unreadable

MOST_SHEETS = 200
CSV_BYTES = 8_000_000
DELIMITERS = ",;\t|"
DATES = frozenset({*range(14, 23), *range(45, 48)})  # numbers of built-in formats that show a day or a time (18.8.30)
CLOCK_ONLY = frozenset({18, 19, 20, 21, 45, 46, 47})
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]hms]*\]')
PLACE = re.compile(r"([A-Z]{1,3})[0-9]+")


def render_xlsx(package: zipfile.ZipFile, out: Blocks) -> None:
    """Each sheet as a table beneath its name; hidden ones are told to be so."""
    strings = _strings(package) if "xl/sharedStrings.xml" in package.namelist() else []
    formats = _formats(package) if "xl/styles.xml" in package.namelist() else []
    relations = {each.get("Id"): each.get("Target", "") for each in xml.small(package, "xl/_rels/workbook.xml.rels")}
    names = set(package.namelist())
    sheets = [each for each in xml.small(package, "xl/workbook.xml").iter() if xml.local(each.tag) == "sheet"]
    for sheet in sheets[:MOST_SHEETS]:
        target = relations.get(xml.attribute(sheet, "id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            hidden = "" if sheet.get("state", "visible") == "visible" else " (hidden in the file)"
            out.heading(f"{sheet.get('name', 'Sheet')}{hidden}")
            out.table(_rows(package, part, strings, formats))


def _strings(package: zipfile.ZipFile) -> list[str]:
    """The texts that cells point to; readings in another script (phonetic runs) left out."""
    found: list[str] = []
    said: list[str] = []
    length = phonetic = 0
    for event, element in xml.events(package, "xl/sharedStrings.xml"):
        name = xml.local(element.tag)
        if name == "rPh":
            phonetic += 1 if event == "start" else -1
        if event == "start":
            continue
        if name == "t" and not phonetic:
            said.append(element.text or "")
        elif name == "si":
            found.append("".join(said))
            length += len(found[-1])
            said = []
            if length > 4 * MOST_TEXT:
                raise Unreadable(Trouble.TOO_LARGE)
        element.clear()
    return found


def _formats(package: zipfile.ZipFile) -> list[str]:
    """For each style of a cell, what its numbers are: "day", "time", or "" for a number."""
    own: dict[int, str] = {}
    styles: list[str] = []
    root = xml.small(package, "xl/styles.xml")
    for element in root.iter():
        if xml.local(element.tag) == "numFmt":
            own[_number(element.get("numFmtId", ""))] = element.get("formatCode", "")
    for crosses in (each for each in root.iter() if xml.local(each.tag) == "cellXfs"):
        styles = [_meaning(_number(each.get("numFmtId", "")), own) for each in crosses]
    return styles


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 9 else 0


def _meaning(number: int, own: dict[int, str]) -> str:
    if number in DATES:
        return "time" if number in CLOCK_ONLY else "day"
    code = QUOTED.sub("", own.get(number, "")).lower()
    if re.search(r"[yd]", code):
        return "day"
    return "time" if re.search(r"[hs]", code) else ""


def _rows(package: zipfile.ZipFile, part: str, strings: Sequence[str], formats: Sequence[str]) -> Iterator[list[str]]:
    row: list[str] = []
    said: dict[str, str] = {}
    for event, element in xml.events(package, part):
        name = xml.local(element.tag)
        if event == "start":
            said = {} if name == "c" else said
        elif name in {"v", "t"}:
            said[name] = said.get(name, "") + (element.text or "")
        elif name == "c":
            _put(row, element.get("r", ""), _shown(element, said.get("v", ""), said.get("t", ""), strings, formats))
            element.clear()
        elif name == "row":
            yield row
            row = []
            element.clear()


def _put(row: list[str], place: str, text: str) -> None:
    """The cell where it stands; cells that the file leaves out are empty."""
    match = PLACE.fullmatch(place)
    column = len(row)
    if match:
        column = 0
        for letter in match.group(1):
            column = column * 26 + ord(letter) - 64
        column -= 1
    if column < MOST_COLUMNS:
        row += [""] * (column - len(row))
        row[column:] = [text]


def _shown(cell: Any, value: str, inline: str, strings: Sequence[str], formats: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "s":
        place = _number(value)
        return strings[place] if place < len(strings) else ""
    if kind == "inlineStr":
        return inline
    if kind == "b":
        return "Yes" if value == "1" else "No"
    style = _number(cell.get("s", ""))
    meaning = formats[style] if style < len(formats) else ""
    return _moment(value, meaning) if kind == "n" and meaning else value


def _moment(value: str, meaning: str) -> str:
    """A serial number as a day or a time: days since the end of 1899 (ECMA-376 part 1, 18.17.4.1)."""
    try:
        at = datetime(1899, 12, 30) + timedelta(days=float(value))  # noqa: DTZ001 - a sheet knows no time zone
    except (ValueError, OverflowError):
        return value
    if meaning == "time":
        return f"{at:%H:%M:%S}"
    return f"{at.day} {at:%B %Y}" + (f", {at:%H:%M}" if (at.hour, at.minute) != (0, 0) else "")


def render_csv(file: Any, out: Blocks) -> None:
    """The table, as its delimiter divides it."""
    content = file.read(CSV_BYTES + 1)
    text = decoded(content[:CSV_BYTES])
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], DELIMITERS)
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(CSV_BYTES)  # a quotation mark that is never closed makes one long cell, not a damaged file
    # Only what divides the cells is guessed. The marks around one are those of RFC 4180: an apostrophe is a letter of a word.
    found = csv.reader(
        io.StringIO(text, newline=""), delimiter=dialect.delimiter, skipinitialspace=dialect.skipinitialspace
    )
    try:
        out.table(found)
    except csv.Error:
        raise Unreadable(Trouble.DAMAGED) from None
    if len(content) > CSV_BYTES:
        raise Full


def decoded(content: bytes) -> str:
    """Text by its mark, as UTF-8, or as Windows wrote it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        if fault.start > len(content) - 4:  # only the last letter is cut
            return content[: fault.start].decode("utf-8-sig")
        return content.decode("cp1252", "replace")
