"""Correcting the notification: the old one is set aside and stays, a new one stands, and the dates are counted again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.usecase import NotYet, record, use_case

from .models import Notification, Review
from .models.facts import own
from .notifying import check_dates

KEPT = (
    "notifying_agency",
    "channel",
    "death_date_known",
    "death_from",
    "death_until",
    "manner",
    "relationship",
    "aged_16_or_over",
    "children_in_household",
    "media_interest",
    "notifier",
    "outside_references",
    "place_of_death",
    "circumstances",
)


@use_case("reviews.correct_record")
def correct_notification(
    review: Review, *, by: Any, reason: str, notified_on: date | None = None, **facts: Any
) -> Notification:
    """Correct what was recorded of the notification, with a reason. What `facts` leaves out stays as it was.

    Sealed texts that stay are read, so the caller needs a receipt for the review's account. The step that recorded the
    notification keeps its credit on the old row. Raises ValidationError for impossible dates or without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say what was wrong, so that the correction can be understood later."})
    old = Notification.objects.standing().filter(review=review).last()
    if old is None:
        raise NotYet("There is no notification to correct.")
    now = {name: facts.get(name, getattr(old, name)) for name in KEPT}
    told_on = notified_on or review.notified_on
    check_dates(told_on, now["death_from"], now["death_until"], now["death_date_known"])
    new = Notification(review=review, reason=reason, recorded_at=clock.now(), **now, **own(by).of_fact())
    new.save()
    old.supersede(by)
    for name in sorted(name for name in facts if name in KEPT and facts[name] != getattr(old, name)):
        record("review.corrected", new, field=name)
    if told_on != review.notified_on:
        review.notified_on = told_on
        review.save(update_fields=["notified_on"])
        record("review.corrected", new, field="notified_on")
    else:
        record("review.corrected", new, field="notification")
    return new
