"""Suspending and resuming a review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import NotYet, record, use_case

from .models import Review, Suspension
from .models.facts import own
from .models.steering import Turn
from .steering import keep_reason

WHAT_PAUSES = (
    "Main tasks wait and their due dates move by the length of the pause. The Home Office's answer, papers, contacts with the "
    "family, agency requests, actions and meetings can still be recorded."
)


@use_case("reviews.suspend_review")
def suspend(review: Review, *, by: Any, code: str, reason: str, look_again_on: date | None = None) -> Suspension:
    """Pause the review, with a code that lists may show and a sealed reason. Says what pauses: WHAT_PAUSES."""
    if not review.is_open:
        raise NotYet("This review is closed.")
    if review.is_suspended:
        raise NotYet("This review is suspended already.")
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason for suspending the review."})
    if look_again_on is not None and look_again_on <= clock.today():
        raise ValidationError({"look_again_on": "The day to look again must be in the future."})
    suspension = Suspension(review=review, code=code, reason=reason, look_again_on=look_again_on, **own(by).of_fact())
    suspension.save()
    review.suspended_at = clock.now()
    review.save(update_fields=["suspended_at"])
    record("review.suspended", suspension, reason=code)
    return suspension


@use_case("reviews.suspend_review")
def resume(review: Review, *, by: Any, reason: str) -> int:
    """Take the review up again. Answers how many days it paused; due dates move by them."""
    suspension = suspension_of(review)
    if suspension is None:
        raise NotYet("This review is not suspended.")
    keep_reason(review, Turn.RESUMED, reason, by=by)
    suspension.resumed_on = clock.today()
    suspension.save(update_fields=["resumed_on"])
    review.suspended_at = None
    review.save(update_fields=["suspended_at"])
    record("review.resumed", suspension, reason=suspension.code)
    return (clock.today() - suspension.done_on).days


def suspension_of(review: Review) -> Suspension | None:
    """The suspension the review is in, if any."""
    return Suspension.objects.standing().filter(review=review, resumed_on__isnull=True).last()
