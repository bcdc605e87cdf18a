"""Changing the days of a part: from when until when somebody's role on a review counts. Its grants have the same days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access import grants
from dhr.access.backends import forget
from dhr.access.roles import ROLE_NAMES, WRITERS, Role
from dhr.usecase import NotYet, Refused, record, use_case

from .memberships import MANAGE, read_again
from .models import Membership, Review
from .models.steering import Turn
from .steering import keep_reason

APPOINTED = (
    "The access of a chair or report author starts when they declare their independence and ends when they stand down. "
    "Open their appointment under People and access."
)
ON_THE_AGENDA = "A board member may open this paper until the item is closed. Change it on the board's agenda."
SET_ELSEWHERE: dict[str, str] = {**dict.fromkeys(WRITERS, APPOINTED), Role.BOARD_READER: ON_THE_AGENDA}

Days = tuple[date, date | None]  # the first and the last on which a part counts


def can_be_changed(membership: Membership) -> bool:
    """Whether this part has days that are set here, and not all of them are over."""
    over = membership.ended_at is not None or _is_over(membership)
    return not over and membership.role not in SET_ELSEWHERE


@use_case(MANAGE)
def change_dates(
    review: Review, *, by: Any, membership: Membership, starts_on: date, ends_on: date | None, reason: str
) -> Membership:
    """Set from when until when a part counts (`ends_on` None: no end). A first day that has come stays as it is.

    Raises ValidationError for days that cannot be, NotYet for a part that is over or whose days are not set here, and
    Refused for somebody who would lengthen their own.
    """
    read_again(membership, review)
    _check_part(membership)
    _check_first_day(membership, starts_on)
    _check_last_day(membership, starts_on, ends_on)
    _check_own_part(review, by, membership, ends_on)
    _keep_an_officer(review, membership, (starts_on, ends_on))
    keep_reason(review, Turn.PART_CHANGED, reason, by=by, whom=membership.user)
    membership.starts_on, membership.ends_on = starts_on, ends_on
    membership.save(update_fields=["starts_on", "ends_on"])
    grants.sync_membership(membership)
    forget(membership.user)
    record(
        "membership.changed",
        review,
        whom=membership.user_id,
        role=ROLE_NAMES[membership.role],
        from_on=starts_on,
        until_on=ends_on,
        membership=membership.pk,
    )
    return membership


def _is_over(membership: Membership) -> bool:
    return membership.ends_on is not None and membership.ends_on < clock.today()


def _check_part(membership: Membership) -> None:
    if membership.role in SET_ELSEWHERE:
        raise NotYet(SET_ELSEWHERE[membership.role])
    if _is_over(membership):
        raise NotYet("The last day of this part is over. Add them to the review again under People and access.")


def _check_first_day(membership: Membership, starts_on: date) -> None:
    if starts_on == membership.starts_on:
        return
    if membership.starts_on <= clock.today():
        raise ValidationError({"starts_on": "Their part has begun, so its first day stays. Change only the last day."})
    if starts_on < clock.today():
        raise ValidationError({"starts_on": "The first day cannot be in the past. Choose today or a later day."})


def _check_last_day(membership: Membership, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise ValidationError({"ends_on": "The last day cannot be before the first."})
    if ends_on is not None and ends_on < clock.today():
        raise ValidationError(
            {"ends_on": "The last day cannot be in the past. To end their part now, go back and choose to end it."}
        )
    if (starts_on, ends_on) == (membership.starts_on, membership.ends_on):
        raise ValidationError({"ends_on": "These are the dates as they are. Change one of them, or cancel."})


def _check_own_part(review: Review, by: Any, membership: Membership, ends_on: date | None) -> None:
    """Who set an end to somebody's part must be able to rely on it."""
    if membership.user_id == by.pk and (ends_on or date.max) > (membership.ends_on or date.max):
        raise Refused(
            "You cannot lengthen your own part in a review. Ask another of its officers.", needs=MANAGE, subject=review
        )


def _keep_an_officer(review: Review, membership: Membership, wanted: Days) -> None:
    """Raise unless the review has an officer for at least as long as before."""
    if membership.role != Role.OFFICER:
        return
    officers = review.membership_set.standing().filter(role=Role.OFFICER).exclude(pk=membership.pk)
    others: list[Days] = list(officers.values_list("starts_on", "ends_on"))
    if _without_an_officer([*others, wanted]) < _without_an_officer(
        [*others, (membership.starts_on, membership.ends_on)]
    ):
        raise NotYet("The review would be without an officer. Add another officer, or hand the review over, first.")


def _without_an_officer(parts: Iterable[Days]) -> date:
    """The first day, from today on, on which none of these parts counts."""
    day = clock.today()
    for first, last in sorted(parts, key=lambda days: days[0]):
        if first <= day and last is None:
            return date.max
        if first <= day and last is not None and last >= day:
            day = last + timedelta(days=1)
    return day
