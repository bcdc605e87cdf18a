"""The log as a file: what the filters show, written after the line that says so is committed."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime

from dhr import clock
from dhr.audit.forms import LogFilter
from dhr.audit.models import AuditEntry
from dhr.audit.reading import EntryQuerySet
from dhr.audit.vocabulary import KIND_NAMES, kind_of
from dhr.govuk.spreadsheets import harmless

from .door import AuditorsOnly, note
from .telling import UNREADABLE, filters_told, narrowed, people, told

MOST = 10_000  # entries in one file
ROWS_AT_A_TIME = 1_000
CUT = (
    "This file was cut: it holds the newest {count:,} lines, and there are more. For the others, narrow the dates "
    "(give an earlier last day) and download again, export the log with its proofs, or ask the administrator for "
    "manage.py export_access_log."
)
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something else
HEADINGS = (
    *("line", "when", "event", "kind", "what happened", "done by", "account", "recorded for", "account recorded for"),
    *("reference", "review", "thing", "number of the thing", "version", "details", "leaf hash"),
)
Row = list[object]


@dataclass(frozen=True)
class Chosen:
    """The entries for one file, newest first, and their numbers. `is_cut`: there are more than a file holds.

    Fixed before the line about the file is written: that line is not in it.
    """

    entries: EntryQuerySet
    lines: Sequence[int]
    is_cut: bool

    @property
    def said(self) -> str:
        """What stands behind the last line of a file that was cut; "" for a whole one."""
        return CUT.format(count=len(self.lines)) if self.is_cut else ""


class ExportPage(AuditorsOnly):
    """What the filters show, the newest MOST lines of it. `written` makes the answer of its rows."""

    ending = ""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        names = people()
        form = LogFilter(request.GET, people=names)
        if not form.is_valid():
            return render(request, "audit/log.html", {"form": form}, status=422)
        filters = filters_told(form.cleaned_data)
        try:
            chosen = chosen_by(form.cleaned_data)
        except UNREADABLE:
            return render(request, "audit/log.html", {"form": form, "readable": False}, status=409)
        lines = chosen.lines
        ends = {"first": lines[-1], "last": lines[0]} if lines else {}
        note(request, "log.exported", filters=filters, size=len(lines), format=self.ending, **ends)
        rows = (cells(entry, names) for entry in chosen.entries.iterator(chunk_size=ROWS_AT_A_TIME))
        response = self.written(rows, chosen, filters)
        name = f"access-log-{clock.today():%Y-%m-%d}.{self.ending}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def written(self, rows: Iterable[Row], chosen: Chosen, filters: str) -> HttpResponseBase:
        raise NotImplementedError


class Export(ExportPage):
    """A file of comma-separated values, streamed."""

    ending = "csv"

    def written(self, rows: Iterable[Row], chosen: Chosen, filters: str) -> HttpResponseBase:
        kind = "text/csv; charset=utf-8"
        if not chosen.lines:
            return HttpResponse(heading(), content_type=kind)
        return StreamingHttpResponse(table(rows, chosen.said), content_type=kind)


def chosen_by(answers: Mapping[str, Any]) -> Chosen:
    """The newest entries that the answers of the form ask for, as many as one file holds."""
    entries = narrowed(answers)
    found = list(entries.values_list("seq", flat=True)[: MOST + 1])
    lines = found[:MOST]
    if not lines:
        return Chosen(entries.none(), [], is_cut=False)
    return Chosen(entries.filter(seq__range=(lines[-1], lines[0])), lines, is_cut=len(found) > MOST)


def heading() -> str:
    return BYTE_ORDER_MARK + line_of(HEADINGS)


def table(rows: Iterable[Row], said: str) -> Iterator[str]:
    yield heading()
    yield from map(line_of, rows)
    if said:  # a row like the others, for whoever reads it by machine: all cells, the words in the first
        yield line_of([said, *[""] * (len(HEADINGS) - 1)])


def cells(entry: AuditEntry, names: Mapping[int, str]) -> Row:
    try:
        at = localtime(entry.at).isoformat(timespec="seconds")
    except UNREADABLE:
        at = ""
    return [
        *(entry.seq, at, entry.event, KIND_NAMES.get(kind_of(entry.event), ""), told(entry, names)),
        *(names.get(entry.person or 0, ""), entry.person, names.get(entry.on_behalf_of or 0, ""), entry.on_behalf_of),
        *(entry.reference, entry.review, entry.object, entry.object_id, entry.version, entry.details),
        bytes(entry.leaf).hex(),
    ]


def line_of(values: Iterable[object]) -> str:
    """One line of the file; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    texts = ["" if value is None else str(value) for value in values]
    return str(csv.writer(_Line(), quoting=csv.QUOTE_ALL).writerow([harmless(text) for text in texts]))


class _Line:
    """Hands back what the csv module writes."""

    def write(self, text: str) -> str:
        return text
