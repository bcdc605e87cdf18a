"""Convening the panel, agreeing its terms of reference, its meetings, and opening drafting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr.access.roles import Role
from dhr.usecase import NotYet, record, use_case

from . import memberships
from .models import Agency, Commission, PanelMeeting, Review, TermsOfReference
from .models.facts import Credit, own
from .recording import ask_either, step, told


@step("reviews.manage_membership")
def convene_panel(review: Review, *, by: Any, credit: Credit, members: Sequence[tuple[Any, Agency]] = ()) -> None:
    """The panel is convened. Members can be added and ended at any time after."""
    for user, agency in members:
        memberships.join(review, user, Role.PANEL_MEMBER, agency=agency, step=credit.step)
    sitting = review.membership_set.current().filter(role=Role.PANEL_MEMBER).count()
    if not sitting:
        raise NotYet("The panel has no members yet. Add at least one under People and access, or here.")
    record("panel.convened", review, members=sitting, **told(credit))


def undo_convening(review: Review, convened_by: int) -> None:
    """Inside the use case that undoes the step: whom it put on the panel leaves it; who was there before stays."""
    for member in review.membership_set.filter(step=convened_by, ended_at__isnull=True).select_related("user"):
        memberships.leave(member)


@step("reviews.lead_review")
def agree_terms(
    review: Review,
    *,
    by: Any,
    credit: Credit,
    questions: str,
    looks_from: date | None = None,
    looks_until: date | None = None,
    reason: str = "",
) -> TermsOfReference:
    """The terms of reference: what the review looks at and asks. `reason`: why an agency was left out."""
    if looks_from and looks_until and looks_until < looks_from:
        raise ValidationError({"looks_until": "The end of the period cannot be before its start."})
    terms = TermsOfReference.objects.create(
        review=review,
        questions=questions,
        looks_from=looks_from,
        looks_until=looks_until,
        reason=reason,
        **credit.of_fact(),
    )
    record("panel.terms_agreed", review, **told(credit))
    return terms


def outstanding(review: Review) -> list[Commission]:
    """Agency requests for the report that are not settled: listed when drafting opens, waited for only by sign-off."""
    return list(Commission.objects.filter(review=review).for_the_report().outstanding().select_related("agency"))


@step("reviews.lead_review")
def open_drafting(review: Review, *, by: Any, credit: Credit) -> None:
    """The chair opens drafting, with what is outstanding listed: drafting never waits for an agency."""
    record("panel.drafting_opened", review, outstanding=len(outstanding(review)), **told(credit))


@use_case(None)
def record_meeting(
    review: Review, *, by: Any, on: date, kind: str, agencies: Sequence[Agency] = (), notes: str = ""
) -> PanelMeeting:
    """A meeting of the panel. Can be recorded at any stage, by the officer or a chair."""
    ask_either(by, review, "reviews.record_progress", "reviews.chair_review")
    fact = own(by).of_fact() | {"done_on": on}
    meeting = PanelMeeting(review=review, kind=kind, notes=notes, **fact)
    meeting.save()
    meeting.agencies.set(agencies)
    record("panel.met", review, meeting_on=on, members=len(agencies))
    return meeting
