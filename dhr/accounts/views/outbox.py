"""The outbox: every notice, to whom, and whether it was sent."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views import View

from dhr.accounts.forms.people import OutboxFilter
from dhr.accounts.models import Notice
from dhr.accounts.models.notices import NoticeQuerySet
from dhr.accounts.outbox import view_outbox
from dhr.govuk.parts import Cell, Column

PER_PAGE = 50
COLUMNS = [Column("Notice"), Column("To"), Column("Reference"), Column("When"), Column("State")]


class Outbox(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        number = request.GET.get("page", "1")
        notices = view_outbox(int(number) if number.isdecimal() and len(number) < 7 else 1, by=request.user)
        form = OutboxFilter(request.GET)
        form.is_valid()
        page = Paginator(narrowed(notices, **form.cleaned_data), PER_PAGE).get_page(number)
        context = {
            "form": form,
            "page": page,
            "columns": COLUMNS,
            "rows": [row(notice, request.user) for notice in page],
        }
        return render(request, "accounts/outbox.html", context)


def narrowed(notices: NoticeQuerySet, *, kind: str = "", state: str = "", q: str = "") -> NoticeQuerySet:
    if kind:
        notices = notices.filter(kind=kind)
    if state:
        notices = {"sent": notices.sent, "waiting": notices.waiting, "failed": notices.failed}[state]()
    return notices.filter(Q(to__name__icontains=q) | Q(reference__iexact=q)) if q else notices


def row(notice: Notice, reader: Any) -> list[Any]:
    """The link is offered to the person it was sent to; to everybody else it would be a page that is not theirs."""
    link = notice.link if notice.to_id == reader.pk else ""
    made = localtime(notice.created_at)
    return [
        Cell(notice.sentence, url=link),
        notice.to.name,
        notice.reference or "None",
        f"{made:%-d %B %Y, %H:%M}",
        state_of(notice),
    ]


def state_of(notice: Notice) -> Cell:
    if notice.sent_at:
        return Cell("Sent", colour="green")
    if notice.failed_at:
        return Cell(
            f"Could not be sent (tried {notice.attempts} time{'s' if notice.attempts > 1 else ''})", colour="red"
        )
    return Cell("Waiting", colour="blue")
