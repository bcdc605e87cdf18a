"""The log as a file: what the filters show, streamed after the line that says so is committed."""

import csv
from collections.abc import Iterable, Iterator, Mapping

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localtime

from dhr import clock
from dhr.audit.forms import LogFilter
from dhr.audit.models import AuditEntry
from dhr.audit.reading import EntryQuerySet
from dhr.audit.vocabulary import KIND_NAMES, kind_of

from .door import AuditorsOnly, note
from .telling import UNREADABLE, filters_told, narrowed, people, told

MOST = 10_000  # entries in one file
ROWS_AT_A_TIME = 1_000
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something else
FORMULA = (
    *("=", "+", "-", "@", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)
HEADINGS = (
    *("line", "when", "event", "kind", "what happened", "done by", "account", "recorded for", "account recorded for"),
    *("reference", "review", "thing", "number of the thing", "version", "details", "leaf hash"),
)


class Export(AuditorsOnly):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        names = people()
        form = LogFilter(request.GET, people=names)
        if not form.is_valid():
            return render(request, "audit/log.html", {"form": form}, status=422)
        entries = narrowed(form.cleaned_data)
        lines = list(entries.values_list("seq", flat=True)[:MOST])
        ends = {"first": lines[-1], "last": lines[0]} if lines else {}
        note(request, "log.exported", filters=filters_told(form.cleaned_data), size=len(lines), **ends)
        if not lines:
            return answer(HttpResponse(heading()))
        chosen = entries.filter(seq__range=(lines[-1], lines[0]))
        return answer(StreamingHttpResponse(written(chosen, names)))


def answer(response: HttpResponseBase) -> HttpResponseBase:
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="access-log-{clock.today():%Y-%m-%d}.csv"'
    return response


def heading() -> str:
    return BYTE_ORDER_MARK + line_of(HEADINGS)


def written(entries: EntryQuerySet, names: Mapping[int, str]) -> Iterator[str]:
    yield heading()
    for entry in entries.iterator(chunk_size=ROWS_AT_A_TIME):
        yield line_of(cells(entry, names))


def cells(entry: AuditEntry, names: Mapping[int, str]) -> list[object]:
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


def harmless(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r", "\n")) else text


class _Line:
    """Hands back what the csv module writes."""

    def write(self, text: str) -> str:
        return text
