"""Other reviews: one that is not held and looked at by the Home Office, one that is cancelled; and the end of the first."""

from __future__ import annotations

from datetime import timedelta

from dhr.reviews.models import Review

from .walk import Walk
from .walk_review import TOLD


def walk(it: Walk) -> None:
    first = it.review
    not_held(it)
    cancelled(it)
    it.review = first
    it.task(it.people.officer, "complete_action_plan")


def not_held(it: Walk) -> None:
    _told(it)
    who = it.people
    it.task(who.officer, "scope_with_agencies", scoped="yes")
    it.task(who.board_chair, "decide", outcome="no_review")
    it.task(who.officer, "tell_home_office", how="email")
    it.task(who.officer, "tell_family", how="phone", was_possible="yes")
    it.task(who.officer, "await_scrutiny", answer="upheld")


def cancelled(it: Walk) -> None:
    """With answers kept that nobody will send any more."""
    _told(it)
    it.task(it.people.officer, "scope_with_agencies", press="save")
    it.send(it.people.officer, "cancel-review", it.review.pk)


def _told(it: Walk) -> None:
    known = set(Review.objects.values_list("pk", flat=True))
    on = it.today - timedelta(days=1)
    it.send(it.people.officer, "record-notification", notified_on=on, media_interest="no", **TOLD)
    it.review = Review.objects.exclude(pk__in=known).get()
