"""The board's meetings: the list, one agenda as the public sees it, adding, issuing, confirming minutes."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from dhr import clock
from dhr.audit import log
from dhr.audit.line import Line
from dhr.board import papers
from dhr.board.forms import ConfirmForm, ConfirmMinutesForm, MeetingForm
from dhr.board.meetings import MANAGE, add_meeting, confirm_minutes, issue_agenda
from dhr.board.models import AgendaItem, BoardMeeting
from dhr.board.notice import short_notice
from dhr.govuk.dates import written
from dhr.govuk.parts import Cell
from dhr.reviews.recording import RECORD
from dhr.usecase import one_of
from restricted_docs.strongroom import PARTNERSHIP
from restricted_docs.vault.receipt import Scope

from .pages import VIEW, BoardPage, MeetingPage, meetings_of

COLUMNS = [("Meeting",), ("Place",), ("Agenda",), ("Minutes",)]
PER_PAGE = 25


class Meetings(View):
    """Every meeting of the board, the latest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(meetings_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "columns": COLUMNS,
            "rows": [row(meeting) for meeting in page],
            "page_obj": page,
            "may_manage": request.user.has_perm(MANAGE),
        }
        return render(request, "board/meetings.html", context)


def row(meeting: BoardMeeting) -> list[Any]:
    issued = f"Issued on {written(meeting.agenda_issued_on)}" if meeting.agenda_issued_on else "Not issued yet"
    minutes = (
        f"Confirmed on {written(meeting.minutes_confirmed_on)}" if meeting.minutes_confirmed_on else "Not confirmed"
    )
    return [Cell(written(meeting.on), url=reverse("meeting", args=[meeting.pk])), meeting.venue, issued, minutes]


class Meeting(View):
    """One agenda. Of a restricted paper it shows the public wording only, and a link to whoever may open it."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        meeting = one_of(meetings_of(request.user), pk, by=request.user, permission=VIEW)
        line = Line(
            event="board.meeting_viewed",
            person=request.user.pk,
            details={"meeting_on": str(meeting.on)},
            **meeting.logged_as(),
        )
        log.append_first(line, container=PARTNERSHIP, scope=Scope.NARRATIVE, subject=str(meeting.pk))
        may_manage = request.user.has_perm(MANAGE)
        found = meeting.items.select_related("review").prefetch_related("resolutions__due_meeting", "readers__user")
        context = {
            "meeting": meeting,
            "about": about(meeting),
            "items": [shown(item, request.user, may_manage) for item in found],
            "reports_due": meeting.reports_due.select_related("item__meeting"),
            "warning": short_notice(meeting.agenda_issued_on, meeting.on) if meeting.agenda_issued_on else "",
            "may_manage": may_manage,
            "may_confirm": may_manage and meeting.on <= clock.today() and meeting.minutes_confirmed_on is None,
        }
        return render(request, "board/meeting.html", context)


def about(meeting: BoardMeeting) -> list[tuple[str, str]]:
    place = f"{meeting.venue} (remote)" if meeting.remote else meeting.venue
    issued = written(meeting.agenda_issued_on) if meeting.agenda_issued_on else "Not issued yet"
    confirmed = written(meeting.minutes_confirmed_on) if meeting.minutes_confirmed_on else "Not confirmed yet"
    return [
        ("Time", f"{meeting.at:%H:%M}"),
        ("Place", place),
        ("Agenda issued on", issued),
        ("Minutes confirmed on", confirmed),
    ]


def shown(item: AgendaItem, user: Any, may_manage: bool) -> dict[str, Any]:
    """What one person sees of an item. Who is named for its paper is told to the review's officer alone."""
    is_officer = item.review is not None and user.has_perm(RECORD, item.review)
    readers = [reader.user.name for reader in item.readers.all() if reader.ended_at is None] if is_officer else []
    return {
        "item": item,
        "paper": papers.line_of(item.paper, user) if item.paper else None,
        "resolutions": item.resolutions.all(),
        "readers": readers,
        "may_put_paper": is_officer and item.is_open,
        "may_manage": may_manage,
        "may_close": may_manage and item.is_open,
    }


class AddMeeting(BoardPage):
    form_class = MeetingForm
    done = "The meeting has been added."
    extra_context = {"heading": "Add a meeting", "submit_text": "Add the meeting"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": reverse("meetings")}

    def perform(self, form: Any) -> str:
        user: Any = self.request.user
        meeting = add_meeting(user.partnership, by=user, **form.cleaned_data)
        return reverse("meeting", args=[meeting.pk])


class IssueAgenda(MeetingPage):
    form_class = ConfirmForm
    template_name = "board/confirm.html"
    done = "The agenda has been issued."
    extra_context = {
        "heading": "Issue the agenda",
        "submit_text": "Issue the agenda",
        "sentence": "From now on, the members named for a paper can open it, until its item closes.",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"warning": short_notice(clock.today(), self.meeting.on)}

    def perform(self, form: Any) -> str:
        issue_agenda(self.meeting, by=self.request.user)
        return reverse("meeting", args=[self.meeting.pk])


class ConfirmMinutes(MeetingPage):
    form_class = ConfirmMinutesForm
    done = "The minutes are recorded as confirmed."
    extra_context = {"heading": "Confirm the minutes", "submit_text": "Record that they were confirmed"}

    def perform(self, form: Any) -> str:
        confirm_minutes(self.meeting, by=self.request.user, **form.cleaned_data)
        return reverse("meeting", args=[self.meeting.pk])
