"""Suspending and resuming with what it does to tasks: main tasks wait, and on resuming their due dates move by the pause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dhr.accounts import notices
from dhr.reviews import memberships, pausing
from dhr.reviews.models import Review
from dhr.usecase import use_case

from .engine import node_of
from .models import Step


@use_case("reviews.suspend_review")
def suspend(review: Review, *, by: Any, **answers: Any) -> Any:
    """Suspend the review and tell everybody on it."""
    suspension = pausing.suspend(review, by=by, **answers)
    _tell("suspended", review, by)
    return suspension


@use_case("reviews.suspend_review")
def resume(review: Review, *, by: Any, reason: str) -> int:
    """Resume the review: due dates of what waited move by the days it paused. Answers those days."""
    days = int(pausing.resume(review, by=by, reason=reason))
    for step in Step.objects.filter(review=review, due_on__isnull=False).open().of_people().select_related("task"):
        if step.due_on is not None and not node_of(step).while_suspended:
            step.due_on = step.due_on + timedelta(days=days)
            step.save(update_fields=["due_on"])
    _tell("resumed", review, by)
    return days


def _tell(kind: str, review: Review, by: Any) -> None:
    people = {membership.user for membership in memberships.of_review(review)} - {by}
    notices.send(kind, to=sorted(people, key=lambda p: p.pk), reference=review.reference, link=f"/reviews/{review.pk}/")
