"""The canned questions, each with how often it was answered in the last thirty days where that costs little."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from dhr import clock
from dhr.audit.models import AuditEntry
from dhr.audit.questions import QUESTIONS, Question
from dhr.audit.reading import EntryQuerySet
from dhr.govuk.parts import Cell, Column

from .door import AuditorsOnly, note

DAYS = 30
MOST = 1_000  # counted no further
COLUMNS = [Column("Question"), Column(f"Lines of the last {DAYS} days", numeric=True)]


class QuestionsPage(AuditorsOnly):
    def get(self, request: HttpRequest) -> HttpResponse:
        note(request, "log.viewed", page="questions")
        first = clock.today() - timedelta(days=DAYS - 1)
        month: EntryQuerySet = AuditEntry.objects.between(first, clock.today())
        counted = counts({code: one.find(month) for code, one in QUESTIONS.items() if one.is_cheap})
        rows = [row(question, counted.get(question.code), first) for question in QUESTIONS.values()]
        return render(request, "audit/questions.html", {"columns": COLUMNS, "rows": rows, "days": DAYS})


def counts(found: Mapping[str, EntryQuerySet]) -> dict[str, int]:
    """How many each has, up to one more than MOST, in one query."""
    parts: list[str] = []
    values: list[Any] = []
    for entries in found.values():
        sql, given = entries.order_by().values("seq")[: MOST + 1].query.sql_with_params()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) AS found)")  # noqa: S608 - Django's own text and parameters
        values.extend(given)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(found, cursor.fetchone(), strict=True))


def row(question: Question, count: int | None, first: date) -> list[Any]:
    return [Cell(question.title, url=address(question.code), hint=question.tells), since(question.code, count, first)]


def since(code: str, count: int | None, first: date) -> Cell:
    """The number, which leads to just those lines; the words alone where nothing was counted."""
    days = {"since_day": first.day, "since_month": first.month, "since_year": first.year}
    if count is None:
        return Cell("Look", url=address(code, **days))
    return Cell(f"more than {MOST:,}" if count > MOST else f"{count:,}", url=address(code, **days) if count else "")


def address(code: str, **more: int) -> str:
    asked: dict[str, str | int] = {"question": code, **more}
    return f"{reverse('access-log')}?{urlencode(asked)}"
