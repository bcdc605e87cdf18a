"""Agency requests: the list with what is outstanding first, asking, one request, and settling it without a return."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from dhr import clock
from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.dates import written
from dhr.govuk.parts import Cell, Column, Row
from dhr.reviews.models import Commission
from dhr.reviews.recording import RECORD
from restricted_docs import fields
from restricted_docs.models import Document
from restricted_docs.vault.receipt import Scope

from ..models import Step
from ..starting import settle_without_return
from ..steps.asking import ask_agency_people
from .access import VIEW, hidden
from .asking import AskOfReview, answer_form, demand
from .head import READS_ALL, Head
from .jobs import Job, days, read
from .recording_forms import AskAgencyForm, SettleForm
from .sections import Section

SEE = "reviews.view_commission"


class Requests(Section):
    name = "review-requests"
    template_name = "workflows/requests.html"
    needs = READS_ALL

    def content(self, head: Head) -> dict[str, Any]:
        seen = Commission.objects.visible_to(head.person, SEE).filter(review=head.review).select_related("agency")
        found = sorted(seen, key=lambda each: (each.is_settled, each.due_on or clock.today(), each.agency.name))
        return {
            "columns": [Column("Request"), Column("Asked"), Column("Due"), Column("State")],
            "rows": [_row(commission) for commission in found],
            "outstanding": sum(not commission.is_settled for commission in found),
            "asks": head.may(RECORD) and head.review.is_open,
        }


def _row(commission: Commission) -> list[Any]:
    due = written(commission.due_on) if commission.due_on else ""
    return [
        Cell(str(commission), url=reverse("request", args=[commission.pk])),
        written(commission.asked_on),
        due,
        state_of(commission),
    ]


def state_of(commission: Commission) -> Cell:
    words = commission.get_state_display()
    if commission.is_settled:
        return Cell(words)
    late = (clock.today() - commission.due_on).days if commission.due_on else 0
    return Cell(words, colour="red" if late > 0 else "blue", hint=f"{days(late)} late" if late > 0 else "")


class AskAgency(AskOfReview):
    may = (RECORD,)
    form_class = AskAgencyForm
    heading = "Ask an agency"
    submit_text = "Send the request"
    consequence = "Author and senior officer see this request and nothing else of the review. They are told by e-mail."
    done = "The request has been sent."
    section = "review-requests"

    def act(self, **answers: Any) -> None:
        ask_agency_people(self.review, by=self.request.user, **answers)


def request_or_404(request: HttpRequest, commission_id: UUID) -> Commission:
    """The agency request, for whoever may see it; for everybody else it does not exist."""
    found = Commission.objects.select_related("review", "agency").filter(pk=commission_id).first()
    if found is None:
        raise Http404
    if not request.user.has_perm(SEE, found):
        raise hidden(request, found, SEE)
    return found


class RequestPage(View):
    """One request: what is asked, the task it stands at, and its papers. All that the agency's people see."""

    def get(self, request: HttpRequest, commission: UUID) -> HttpResponse:
        found = request_or_404(request, commission)
        line = Line(
            event="commission.viewed", person=request.user.pk, details={"kind": found.kind}, **found.logged_as()
        )
        subject = str(found.pk)  # a receipt for this row and no other of the review
        fields.allow(log.append_first(line, container=found.review_id, scope=Scope.NARRATIVE, subject=subject))
        return render(request, "workflows/request.html", self._context(request, found))

    def _context(self, request: HttpRequest, commission: Commission) -> dict[str, Any]:
        review, person = commission.review, request.user
        steps = Step.objects.filter(review=review, subject=commission.pk).open().select_related("owner", "review")
        papers = Document.objects.visible_to(person, "restricted_docs.view_document").filter(commission=commission)
        officer = person.has_perm(RECORD, review)
        return {
            "commission": commission,
            "review": review,
            "state": state_of(commission),
            "rows": _facts(commission),
            "task": _task(read(steps, person), officer=officer),
            "papers": [Cell(paper.title, url=reverse("document", args=[review.pk, paper.pk])) for paper in papers],
            "files": person.has_perm("reviews.return_commission", commission) and not commission.is_settled,
            "settles": officer and not commission.is_settled,
            "back": reverse("review-requests", args=[review.pk]) if person.has_perm(VIEW, review) else "/",
        }


def _facts(commission: Commission) -> list[Row]:
    rows = [
        Row("Asked for", commission.get_kind_display()),
        Row("Asked on", written(commission.asked_on)),
        Row("Needed by", written(commission.due_on) if commission.due_on else ""),
        Row("What it should cover", commission.scope),
        Row("The agency’s answer", commission.answer),
        Row("Settled on", written(commission.settled_on) if commission.settled_on else ""),
    ]
    return [row for row in rows if row.value]


def _task(jobs: list[Job], *, officer: bool) -> Job | None:
    return next((job for job in jobs if job.mine or officer), None)


class SettleRequest(View):
    """Withdraw a request, or record that the agency did not engage."""

    def get(self, request: HttpRequest, commission: UUID) -> HttpResponse:
        return self._answer(request, request_or_404(request, commission), None)

    def post(self, request: HttpRequest, commission: UUID) -> HttpResponse:
        return self._answer(request, request_or_404(request, commission), request.POST)

    def _answer(self, request: HttpRequest, commission: Commission, data: Any) -> HttpResponse:
        demand(request, commission.review, RECORD)
        back = reverse("request", args=[commission.pk])
        words = (
            "Its open tasks are withdrawn, and its author and senior officer no longer see it. "
            "Board sign-off waits for it no more."
        )
        context = {
            "heading": f"Settle without a return: {commission}",
            "caption": commission.review.reference,
            "consequence": words,
        }

        def act(answers: dict[str, Any]) -> HttpResponse:
            settle_without_return(commission, by=request.user, withdrawn=answers["outcome"] == "withdrawn")
            messages.success(request, "The request is settled.")
            return redirect("review-requests", commission.review_id)

        more = {"submit_text": "Settle the request", "back_url": back, "cancel_url": back}
        return answer_form(request, SettleForm(data), context | more, act)
