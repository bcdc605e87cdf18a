"""When somebody's part ends, what was theirs to do goes with it: to whoever takes over, or back to everybody with the role."""

from __future__ import annotations

from typing import Any

from chairs.appointing import standing_appointments
from dhr.accounts import notices
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.usecase import NotYet, use_case

from ..models import Step


@use_case("reviews.hand_over_reviews", standing=True)
def hand_over(_: None, *, by: Any, absent: Any, to: Any, reason: str) -> int:
    """Hand all of an officer's reviews to another, with the tasks given to the absent one. Answers how many reviews."""
    reviews = list(Membership.objects.current().filter(user=absent, role="officer").values_list("review_id", flat=True))
    count = int(memberships.hand_over_reviews(None, by=by, absent=absent, to=to, reason=reason))
    Step.objects.filter(review__in=reviews, owner=absent).open().update(owner=to)
    notices.send("appointed", to=[to], reference="", link="/reviews/")
    return count


@use_case("reviews.manage_membership")
def end_membership(review: Review, *, by: Any, membership: Membership, reason: str) -> None:
    """End somebody's part on the review; tasks that were given to them are everybody's with the role again.

    Raises NotYet for somebody who was appointed: the appointment would stand without the part that it gave.
    """
    if standing_appointments(review).filter(user=membership.user, role=membership.role).exists():
        raise NotYet(
            f"{membership.user.name} was appointed to this review: let them stand down, and their part ends too."
        )
    memberships.end_membership(review, by=by, membership=membership, reason=reason)
    release_tasks(review, membership.user)


def release_tasks(review: Review, person: Any) -> None:
    """Take a person's name off the open tasks of a review, inside the use case in hand."""
    Step.objects.filter(review=review, owner=person).open().update(owner=None)
