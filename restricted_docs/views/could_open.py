"""For the auditor: who could have opened a paper on a day, beside who did. All of it from the log; nothing of the paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from dhr import clock
from dhr.audit.models import AuditEntry
from dhr.audit.reading import first_moment, microseconds, moment_of
from dhr.audit.views.door import AuditorsOnly, note
from dhr.audit.views.telling import UNREADABLE, name_of, people
from dhr.govuk.parts import Cell, Column

from ..could_open_forms import CouldOpenForm
from ..models import Document
from ..replaying import FILED, Could, Lines, OfADay, Told
from ..vocabulary import DocumentKind

DID = {"document.opened": "Opened", "document.downloaded": "Downloaded", "access.refused": "Was refused"}
COULD_COLUMNS = [Column("Person"), Column("As"), Column("Could"), Column("When")]
DID_COLUMNS = [Column("Person"), Column("What"), Column("First"), Column("Times", numeric=True)]
PAPER_COLUMNS = [Column("Paper"), Column("What"), Column("Filed")]
MOST = 1_000  # papers of one review


class CouldOpen(AuditorsOnly):
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        form = CouldOpenForm(request.GET or None)
        if form.is_bound and not form.is_valid():
            return self._page(form, status=422)
        answers = form.cleaned_data if form.is_bound else {}
        given = {name: value for name, value in answers.items() if value}
        note(request, "log.viewed", page="who could open", filters=asked_in_codes(given))
        try:
            return self._page(form, **found(given))
        except UNREADABLE:
            return self._page(form, unreadable=True)

    def _page(self, form: CouldOpenForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {"form": form, "back_url": reverse("access-log-questions"), **more}
        return render(self.request, "restricted_docs/could_open.html", context, status=status)


def asked_in_codes(answers: Mapping[str, Any]) -> str:
    """As the log holds it: at most a number of 36, a reference of 30 and a day of 10 characters, so one of the two."""
    told = {name: value for name, value in answers.items() if name != "reference" or "document" not in answers}
    return ", ".join(f"{name}:{value}" for name, value in told.items())


def found(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows: both tables of a paper and a day, or the papers of a review."""
    if "document" in answers:
        return of_a_paper(answers["document"], answers["day"])
    if "reference" in answers:
        day = answers.get("day") or clock.today()
        return {"columns": PAPER_COLUMNS, "papers": papers_of(answers["reference"], day)}
    return {}


def papers_of(reference: str, day: date) -> list[list[Any]]:
    """The papers filed on a review, newest first, by number and kind: the log knows no titles."""
    known = AuditEntry.objects.filter(reference=reference, review__isnull=False).order_by()
    reviews = list(known.values_list("review", flat=True).distinct())
    filed = AuditEntry.objects.of_event(FILED).filter(review__in=reviews).newest_first()
    return [
        [Cell(entry.object_id, url=f"?{urlencode(asked(entry.object_id, day))}"), kind(entry), told(entry.at_us)]
        for entry in filed[:MOST]
    ]


def asked_today(user: Any, document: Document) -> str:
    """Where it is asked who could open this paper today; "" for whoever may not ask."""
    if not CouldOpen.are_for(user):
        return ""
    return f"{reverse('access-log-could-open')}?{urlencode(asked(str(document.pk), clock.today()))}"


def asked(document: str, day: date) -> dict[str, Any]:
    return {"document": document, "day_day": day.day, "day_month": day.month, "day_year": day.year}


def of_a_paper(document: UUID, day: date) -> dict[str, Any]:
    first_us, end_us = first_moment(day), first_moment(day + timedelta(days=1))
    until_us = min(end_us, microseconds(clock.now()) + 1)
    lines = Lines(document, end_us, since_us=first_us)
    if lines.filed is None:
        return {"unknown": True}
    able, names = lines.between(first_us, until_us), people()
    opened = {line.person for line in lines.did if line.event != "access.refused"}
    return {
        "filed": lines.filed,
        "kind": kind(lines.filed),
        "when_filed": told(lines.filed.at_us),
        "asked_day": day,
        "could_columns": COULD_COLUMNS,
        "could": by_name([could_row(person, one, first_us, names) for person, one in able.items()]),
        "did_columns": DID_COLUMNS,
        "did": did_rows(lines.did, names),
        "unable": [name_of(person, names) or "Somebody unknown" for person in opened - able.keys()],
        "is_erased": lines.paper_at(until_us).is_erased,
        "list_url": f"{reverse('access-log')}?{urlencode(lines_of_the_day(str(document), day))}",
    }


def lines_of_the_day(document: str, day: date) -> dict[str, Any]:
    asked = {f"{name}_{part}": getattr(day, part) for name in ("since", "until") for part in ("day", "month", "year")}
    return {"document": document, **asked}


def did_rows(entries: Iterable[Told], names: Mapping[int, str]) -> list[list[Any]]:
    """One row for each person, way and version: a paper that is read page by page has many lines."""
    same: dict[tuple[int | None, str, int | None], list[Told]] = {}
    for entry in entries:
        same.setdefault((entry.person, entry.event, entry.version), []).append(entry)
    return [
        [
            name_of(person, names) or "Somebody unknown",
            f"{DID[event]} version {version}" if version else DID[event],
            Cell(f"{moment_of(lines[0].at_us):%H:%M:%S}", url=reverse("access-log-entry", args=[lines[0].seq])),
            len(lines),
        ]
        for (person, event, version), lines in same.items()
    ]


def could_row(person: int, one: OfADay, first_us: int, names: Mapping[int, str]) -> list[Any]:
    return [name_of(person, names), ", ".join(sorted(one.could.roles)), in_words(one.could), hours(one, first_us)]


def by_name(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=lambda row: str(row[0]).casefold())


def in_words(could: Could) -> str:
    what = "open and download" if could.keeps else "open"
    if could.newest is None:
        return f"{what} every version"
    return f"{what} versions up to {could.newest}" if could.newest else f"{what}, but no version was released"


def hours(one: OfADay, first_us: int) -> str:
    """ "all day", or from when until when, London time."""
    return ", ".join(_stretch(since, until, first_us) for since, until in one.stretches)


def _stretch(since: int, until: int | None, first_us: int) -> str:
    begins = "" if since == first_us else f"from {moment_of(since):%H:%M}"
    ends = "" if until is None else f"until {moment_of(until):%H:%M}"
    return " ".join(words for words in (begins, ends) if words) or "all day"


def kind(entry: AuditEntry | Told) -> str:
    code = entry.facts.get("kind", "")
    return str(DocumentKind(code).label) if code in DocumentKind.values else "Not known"


def told(at_us: int) -> str:
    return f"{moment_of(at_us):%-d %B %Y, %H:%M}"
