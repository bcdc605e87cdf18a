"""Correcting the notification, with what follows for the dates of open tasks that are counted from it."""

from __future__ import annotations

from typing import Any

from dhr.reviews import correcting
from dhr.reviews.models import Notification, Review
from dhr.usecase import use_case

from ..engine import node_of
from ..models import Step


@use_case("reviews.correct_record")
def correct_notification(review: Review, *, by: Any, reason: str, **facts: Any) -> Notification:
    """Correct the notification; open tasks whose term runs from the day of notification get their date anew."""
    notification: Notification = correcting.correct_notification(review, by=by, reason=reason, **facts)
    for step in Step.objects.filter(review=review).open().select_related("task__process"):
        node = node_of(step)
        if getattr(node, "due_from", None) is None:
            continue
        process = step.task.process.coerced
        process.review = review
        step.due_on = node.due(process)
        step.save(update_fields=["due_on"])
    return notification
