"""The log as a spreadsheet of texts: no cell of it is a formula, and none becomes one when somebody edits it."""

from collections.abc import Iterable
from io import BytesIO
from itertools import chain
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import localtime
from xlsxwriter import Workbook

from dhr import clock
from dhr.govuk.spreadsheets import looks_like_a_formula

from .export import HEADINGS, Chosen, ExportPage, Row

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (8, 26, 26, 16, 80, 24, 9, 24, 9, 14, 38, 14, 38, 8, 50, 66)  # characters
# In memory: the library's other ways leave rows in a temporary file, and this service leaves none behind.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


class Spreadsheet(ExportPage):
    """An Office Open XML workbook: the lines, and a sheet that says what they are."""

    ending = "xlsx"

    def written(self, rows: Iterable[Row], chosen: Chosen, filters: str) -> HttpResponseBase:
        last: list[Row] = [[chosen.said]] if chosen.is_cut else []
        facts = about(str(self.request.user), chosen, filters)
        return HttpResponse(workbook(chain(rows, last), facts), content_type=TYPE)


def about(person: str, chosen: Chosen, filters: str) -> list[Row]:
    made: list[Row] = [
        ["Made", f"{localtime(clock.now()):%-d %B %Y, %H:%M:%S}"],
        ["By", person],
        ["Lines", str(len(chosen.lines))],
        ["Answers", filters or "none: the whole log"],
        ["Times", "London"],
    ]
    return [*made, ["Cut off", chosen.said]] if chosen.is_cut else made


def workbook(rows: Iterable[Row], facts: Iterable[Row]) -> bytes:
    into = BytesIO()
    book = Workbook(into, OPTIONS)
    bold, text = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet("Access log")
    sheet.freeze_panes(1, 0)
    for column, (name, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, start=1):
        write(sheet, number, row, text)
    notes = book.add_worksheet("About this file")
    notes.set_column(1, 1, 100)
    for number, row in enumerate(facts):
        write(notes, number, row, text)
    book.close()
    return into.getvalue()


def write(sheet: Any, number: int, row: Row, text: Any) -> None:
    """Whole numbers as numbers, all else as text. What looks like a formula is marked, so that it stays a text for ever."""
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(number, column, value)
        elif value not in (None, ""):
            told = str(value)
            sheet.write_string(number, column, told, text if looks_like_a_formula(told) else None)
