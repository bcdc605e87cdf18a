"""Across reviews, without reading any: the board's summary, and the team manager's caseload with its hand-over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from dhr import clock
from dhr.access.roles import Role, Standing
from dhr.accounts.models import Partnership, User
from dhr.govuk.parts import Cell, Column
from dhr.govuk.pictures import BarRow, bars
from dhr.reviews.models import Membership, Review, Suspension
from dhr.usecase import record, use_case

from ..steps.handing_over import hand_over
from .asking import answer_form, demand
from .listing import facts_of, late_days, with_progress
from .steering_forms import HandOverForm

HAND_OVER = "reviews.hand_over_reviews"
REFERENCE, KNOWN_AS, STAGE, SINCE, DUE, LATE, NEXT = range(7)


def live_reviews(person: Any) -> Any:
    """Every live review of this person's partnership, as codes and dates. For standing roles; never a way into a review."""
    return with_progress(Review.objects.live().filter(partnership_id=person.partnership_id)).order_by("next_due", "pk")


@use_case("board.view_summary", standing=True)
def view_summary(_: Partnership | None, *, by: Any) -> list[Review]:
    """The live reviews for the board, after a line in the log."""
    record("board.summary_viewed")
    paused = Suspension.objects.standing().filter(resumed_on__isnull=True).defer("reason")
    return list(live_reviews(by).prefetch_related(Prefetch("suspension_set", paused, to_attr="pauses")))


@use_case("reviews.view_caseload", standing=True)
def view_caseload(_: Partnership | None, *, by: Any) -> list[Review]:
    """The live reviews with their officers, after a line in the log."""
    officers = Membership.objects.current().filter(role=Role.OFFICER).select_related("user")
    found = list(live_reviews(by).prefetch_related(Prefetch("membership_set", officers, to_attr="officers")))
    record("list.searched", list="caseload", results=len(found))
    return found


class BoardSummary(View):
    """No case content, no link to a review: reference, pseudonym, stage, dates, and whose turn it is as a role."""

    def get(self, request: HttpRequest) -> HttpResponse:
        reviews = view_summary(None, by=request.user)
        today = clock.today()
        drawn = [_bar(review) for review in reviews if review.next_due and not review.is_suspended]
        labels = ("Reference", "Known as", "Stage", "In stage", "Due", "Late by", "Next")
        context = {
            "columns": [Column(label) for label in labels],
            "rows": [_summary_row(review) for review in reviews],
            "svg": bars(drawn, today, "Live reviews against their next date"),
            "has_bars": bool(drawn),
            "late": sum(late_days(review) > 0 for review in reviews),
            "count": len(reviews),
            "paused": sum(review.is_suspended for review in reviews),
        }
        return render(request, "workflows/board_summary.html", context)


def _summary_row(review: Review) -> list[Any]:
    facts: list[Any] = facts_of(review)
    if review.is_suspended:
        code = next((pause.get_code_display() for pause in review.pauses), "")  # type: ignore[attr-defined]
        facts[STAGE] = Cell(review.get_stage_display(), hint=f"Suspended: {code}")
    return facts


def _bar(review: Any) -> BarRow:
    """From the day of notification to the next date."""
    start = min(review.notified_on, review.next_due)
    return BarRow(review.reference, start, review.next_due, note=str(review.get_stage_display()))


class Caseload(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        reviews = view_caseload(None, by=request.user)
        labels = ("Reference", "Officer", "Stage", "Due", "Late by")
        return render(
            request,
            "workflows/caseload.html",
            {
                "columns": [Column(label) for label in labels],
                "rows": [_caseload_row(review) for review in reviews],
                "count": len(reviews),
                "hands_over": request.user.has_perm(HAND_OVER),
            },
        )


def _caseload_row(review: Any) -> list[Any]:
    facts = facts_of(review)
    officers = ", ".join(member.user.name for member in review.officers)
    return [facts[REFERENCE], officers or Cell("Nobody", colour="red"), facts[STAGE], facts[DUE], facts[LATE]]


class HandOver(View):
    """Hand all reviews of an officer who is away to another, in one action, without reading them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, None)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request, request.POST)

    def _answer(self, request: HttpRequest, data: Any) -> HttpResponse:
        demand(request, None, HAND_OVER)
        manager: Any = request.user
        people = User.objects.filter(partnership_id=manager.partnership_id)
        held = Membership.objects.current().filter(role=Role.OFFICER, review__closed_at__isnull=True)
        takers = people.in_role(Standing.COMMUNITY_SAFETY_OFFICER)
        form = HandOverForm(data, absent=people.filter(pk__in=held.values("user")), takers=takers)

        def act(answers: dict[str, Any]) -> HttpResponse:
            count = hand_over(None, by=request.user, **answers)
            messages.success(request, f"{count} review{'' if count == 1 else 's'} handed over to {answers['to'].name}.")
            return redirect("caseload")

        back = reverse("caseload")
        context = {
            "heading": "Hand an officer’s reviews over",
            "consequence": (
                "All their reviews and tasks go to the other officer at once. "
                "Whoever hands them over reads nothing of them."
            ),
            "submit_text": "Hand the reviews over",
            "back_url": back,
            "cancel_url": back,
        }
        return answer_form(request, form, context, act)
