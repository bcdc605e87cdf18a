"""The stage of a review: the earliest with an open main task. Each change is a dated row."""

from __future__ import annotations

from typing import Any

from dhr import clock
from dhr.usecase import record

from . import memberships
from .models import Review, StageChange, Suspension
from .vocabulary import Ending, Stage


def enter_stage(review: Review, stage: str, *, by: Any = None) -> None:
    """Move the review to a stage, inside the use case in hand. Nothing happens where it is there already."""
    if review.stage == stage:
        return
    left, review.stage, review.stage_since = review.stage, stage, clock.today()
    review.save(update_fields=["stage", "stage_since"])
    StageChange.objects.create(review=review, stage=stage, entered_on=clock.today(), entered_at=clock.now(), by=by)
    record("review.stage_changed", review, stage=stage, from_stage=left)
    undecided = {Stage.NOTIFICATION, Stage.DECISION}
    if (left in undecided) != (stage in undecided):
        memberships.sync_review(review)  # the deciding chair reads the facts only until the decision


def end_review(review: Review, ending: str, *, by: Any = None) -> None:
    """The review is at its end, and says how. Its papers and log stay."""
    for pause in Suspension.objects.standing().filter(review=review, resumed_on__isnull=True):
        pause.resumed_on = clock.today()  # a pause ends with the review
        pause.save(update_fields=["resumed_on"])
    review.closed_at, review.ending, review.suspended_at = clock.now(), ending, None
    review.save(update_fields=["closed_at", "ending", "suspended_at"])
    enter_stage(review, Stage.CLOSED, by=by)
    record("review.cancelled" if ending == Ending.CANCELLED else "review.closed", review, outcome=ending)


def reopen(review: Review) -> None:
    """Take back an ending, when the step that ended the review is undone."""
    review.closed_at, review.ending = None, ""
    review.save(update_fields=["closed_at", "ending"])
