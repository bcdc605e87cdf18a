"""The list of the log, newest first, and the page of one entry."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime

from dhr.audit.entry_bytes import entry_bytes
from dhr.audit.forms import LogFilter
from dhr.audit.models import AuditEntry
from dhr.audit.questions import QUESTIONS
from dhr.audit.vocabulary import KIND_COLOURS, KIND_NAMES, kind_of
from dhr.govuk.parts import Cell, Column, Row

from .door import AuditorsOnly, note
from .export import MOST
from .telling import UNREADABLE, facts, filters_told, moment, name_of, narrowed, people, told

PER_PAGE = 50
COLUMNS = [Column("Line"), Column("When"), Column("What happened", breaks=True), Column("Kind")]
PROVED = (
    *("seq", "at_us", "event", "person", "on_behalf_of", "review"),
    *("reference", "object", "object_id", "version", "details"),
)


class AccessLog(AuditorsOnly):
    def get(self, request: HttpRequest) -> HttpResponse:
        names = people()
        form = LogFilter(request.GET, people=names)
        if not form.is_valid():
            return render(request, "audit/log.html", {"form": form}, status=422)
        before = number(request.GET.get("before", ""))
        filters = filters_told(form.cleaned_data)
        size = note(request, "log.viewed", filters=filters, page=f"before:{before}" if before else "")
        found = read(form.cleaned_data, before)
        context = {
            "form": form,
            "columns": COLUMNS,
            "rows": [row(entry, names) for entry in (found or [])[:PER_PAGE]],
            "readable": found is not None,
            "size": size,
            "older": link(request, before=found[PER_PAGE - 1].seq) if found and len(found) > PER_PAGE else "",
            "newest": link(request) if before else "",
            "export": reverse("access-log-export") + link(request),
            "spreadsheet": reverse("access-log-spreadsheet") + link(request),
            "most": MOST,
            "narrowed": bool(filters),
            "question": QUESTIONS.get(form.cleaned_data["question"]),
        }
        return render(request, "audit/log.html", context)


class EntryPage(AuditorsOnly):
    def get(self, request: HttpRequest, seq: int) -> HttpResponse:
        try:
            entry = AuditEntry.objects.filter(seq=seq).first()
        except UNREADABLE:
            return render(request, "audit/unreadable.html", {"seq": seq})
        if entry is None:
            raise Http404
        note(request, "log.viewed", page=f"line:{seq}")
        context = {
            "entry": entry,
            "rows": fields(entry, people()),
            "proof": proof(entry),
            "could_query": that_day(entry),
        }
        return render(request, "audit/entry.html", context)


def read(answers: Mapping[str, Any], before: int) -> list[AuditEntry] | None:
    """One page and one entry more, or None when the database holds what no line ever was."""
    try:
        entries = narrowed(answers)
        return list((entries.before(before) if before else entries)[: PER_PAGE + 1])
    except UNREADABLE:
        return None


def number(text: str) -> int:
    """The number of a line, 0 if this is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0


def link(request: HttpRequest, **changed: int) -> str:
    """The same question at another place in the log."""
    asked = request.GET.copy()
    asked.pop("before", None)
    asked.update({name: str(value) for name, value in changed.items()})
    return f"?{asked.urlencode()}"


def row(entry: AuditEntry, names: Mapping[int, str]) -> list[Any]:
    kind = kind_of(entry.event)
    return [
        Cell(entry.seq, url=reverse("access-log-entry", args=[entry.seq])),
        moment(entry, "%b"),
        told(entry, names),
        Cell(KIND_NAMES.get(kind, "Not known"), colour=KIND_COLOURS.get(kind, "grey")),
    ]


def fields(entry: AuditEntry, names: Mapping[int, str]) -> list[Row]:
    """Every column of the entry, those that say nothing left out."""
    rows = [
        Row("Line", entry.seq),
        Row("When", moment(entry)),
        Row("What happened", told(entry, names)),
        Row("Event", entry.event, *search("event", entry.event)),
        Row("Kind", KIND_NAMES.get(kind_of(entry.event), "Not known")),
        Row("Done by", name_of(entry.person, names) or "Nobody with an account", *search("person", entry.person)),
        Row("Recorded for", name_of(entry.on_behalf_of, names), *search("person", entry.on_behalf_of)),
        Row("Reference", entry.reference, *search("reference", entry.reference)),
        Row("Review", entry.review or ""),
        Row("Thing", entry.object.replace("_", " ")),
        Row("Number of the thing", entry.object_id, *search("document", entry.object_id)),
        Row("Version", "" if entry.version is None else entry.version),
        Row("Details", facts(entry, names)),
        Row("Microseconds since 1970", entry.at_us),
        Row("Leaf hash", bytes(entry.leaf).hex()),
    ]
    return [one for one in rows if one.value != ""]


def that_day(entry: AuditEntry) -> str:
    """What "who could have opened it" is asked with: this paper, and the day of this line."""
    try:
        day = localtime(entry.at)
    except UNREADABLE:
        return urlencode({"document": entry.object_id})
    on = {"day_day": day.day, "day_month": day.month, "day_year": day.year}
    return f"{urlencode({'document': entry.object_id})}&{urlencode(on)}"


def search(name: str, value: str | int | None) -> tuple[str, str]:
    """The address of the list with only this, and the words of its link."""
    return (f"{reverse('access-log')}?{urlencode({name: value})}", "Show all") if value else ("", "")


def proof(entry: AuditEntry) -> dict[str, Any]:
    """The bytes that the leaf hash proves, and whether it does."""
    try:
        proved = entry_bytes(**{name: getattr(entry, name) for name in PROVED})
        return {"text": proved.decode(), "size": len(proved), "holds": entry.computed_leaf() == bytes(entry.leaf)}
    except UNREADABLE:
        return {"text": "", "size": 0, "holds": False}
