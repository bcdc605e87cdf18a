"""Giving and ending roles on a review. Grants follow in the same transaction, in every package that owns objects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access import grants
from dhr.access.backends import forget, stands
from dhr.access.roles import ROLE_NAMES, Role
from dhr.usecase import AlreadyDone, NotYet, Refused, record, use_case

from .models import Membership, Review
from .models.steering import Turn
from .steering import keep_reason

MANAGE = "reviews.manage_membership"


def join(
    review: Review,
    user: Any,
    role: str,
    *,
    agency: Any = None,
    commission: Any = None,
    action: Any = None,
    paper: Any = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    substitute_for: Membership | None = None,
    step: int | None = None,
) -> Membership:
    """Give a person a role, inside the use case in hand. The same role twice is one membership."""
    _check_person(user, role)
    starts = starts_on or clock.today()
    if ends_on is not None and ends_on < starts:
        raise ValidationError({"ends_on": "The last day cannot be before the first."})
    held = review.membership_set.current().filter(
        user=user, role=role, agency=agency, commission=commission, action=action, paper=paper
    )
    existing = held.first()
    if existing is not None:
        return existing
    membership = Membership.objects.create(
        review=review,
        user=user,
        role=role,
        agency=agency,
        commission=commission,
        action=action,
        paper=paper,
        starts_on=starts,
        ends_on=ends_on,
        substitute_for=substitute_for,
        step=step,
    )
    grants.sync_membership(membership)
    forget(user)
    record(
        "membership.joined",
        review,
        whom=user.pk,
        role=ROLE_NAMES[role],
        from_on=starts,
        until_on=ends_on,
        agency=agency.pk if agency else None,
        commission=commission.pk if commission else None,
        membership=membership.pk,
        paper=paper,
    )
    return membership


def _check_person(user: Any, role: str) -> None:
    if not (stands(user) or user.invited_and_not_yet_here):
        raise ValidationError("This account is closed or has expired. Ask the administrator to open it again first.")
    if user.is_superuser:
        raise ValidationError("A technical administrator cannot have a role on a review.")
    if role not in ROLE_NAMES:
        raise ValidationError("There is no such role on a review.")


def leave(membership: Membership) -> None:
    """End a membership inside the use case in hand: its grants go at once, tasks already assigned included."""
    membership.ended_at = clock.now()
    membership.ends_on = clock.today() - timedelta(days=1)  # today it gives nothing any more
    membership.save(update_fields=["ends_on", "ended_at"])
    grants.revoke(membership)
    forget(membership.user)
    record(
        "membership.ended",
        membership.review,
        whom=membership.user_id,
        role=ROLE_NAMES[membership.role],
        until_on=clock.today(),
        membership=membership.pk,
    )


@use_case(MANAGE)
def add_member(review: Review, *, by: Any, user: Any, role: str, **fields: Any) -> Membership:
    """Add somebody to the review: a panel member, an officer, an agency's author. Chairs are appointed, not added."""
    if role in {Role.LEAD_CHAIR, Role.CHAIR, Role.REPORT_AUTHOR}:
        raise NotYet("A chair or report author is appointed under Chairs, where they declare their independence first.")
    if role in {Role.OFFICER, Role.DECIDING_CHAIR} and not user.standing_roles():
        raise ValidationError("This role is for the partnership's own people.")
    if review.membership_set.current().filter(user=user, role=role, agency=fields.get("agency")).exists():
        raise AlreadyDone("This person has that role on the review already.")
    return join(review, user, role, **fields)


@use_case(MANAGE)
def end_membership(review: Review, *, by: Any, membership: Membership, reason: str) -> None:
    """End somebody's part. The last officer stays until another has taken over."""
    read_again(membership, review)
    others = review.membership_set.current().filter(role=Role.OFFICER).exclude(pk=membership.pk)
    if membership.role == Role.OFFICER and not others.exists():
        raise NotYet("This is the review's only officer. Hand the review over to another officer first.")
    keep_reason(review, Turn.PART_ENDED, reason, by=by, whom=membership.user)
    leave(membership)


def read_again(membership: Membership, review: Review) -> None:
    """The part as it is now, under the review's lock: somebody may have changed it since the page was opened. Raises Refused
    for a part in another review, NotYet for one that was ended."""
    if membership.review_id != review.pk:
        raise Refused("That person is not on this review.", needs=MANAGE, subject=review)
    membership.refresh_from_db(fields=["role", "starts_on", "ends_on", "ended_at"])
    if membership.ended_at is not None:
        raise NotYet("This has been ended already.")


@use_case("reviews.hand_over_reviews", standing=True)
def hand_over_reviews(_: Any, *, by: Any, absent: Any, to: Any, reason: str) -> int:
    """Hand a vanished officer's reviews to another in one action, without reading them. Answers how many."""
    if absent == to:
        raise ValidationError({"to": "Choose a different officer to take over."})
    held = (
        Membership.objects.current()
        .filter(user=absent, role=Role.OFFICER)
        .select_related("review")
        .order_by("review_id")
    )
    memberships = list(held)
    if not memberships:
        raise NotYet(f"{absent.name} holds no reviews.")
    for membership in memberships:
        membership.review.take_lock()
        join(membership.review, to, Role.OFFICER)
        leave(membership)
        keep_reason(membership.review, Turn.HANDED_OVER, reason, by=by, whom=to)
        record("review.handed_over", membership.review, whom=to.pk)
    return len(memberships)


def of_review(review: Review) -> Any:
    """Everybody whose membership has not been ended, with the person and agency read along."""
    return review.membership_set.filter(ended_at__isnull=True).select_related("user", "agency")


def holders(review: Review, *roles: str) -> list[Any]:
    """The people who hold one of these roles today."""
    held = review.membership_set.current().filter(role__in=roles).order_by()
    return [membership.user for membership in held.select_related("user")]


def sync_object(subject: Any) -> None:
    """Give a new, released or restricted object's grants to the memberships of its review."""
    grants.sync_object(subject, Membership.objects.standing().filter(review_id=subject.review_id))


def sync_review(review: Review) -> None:
    """After a change of stage: what the stage gives or takes follows at once, also for who is yet to begin."""
    for membership in review.membership_set.standing():
        grants.sync_membership(membership)
