"""Adding somebody to a review who may have no account yet: the invitation and the membership in one transaction."""

from __future__ import annotations

from typing import Any

from dhr.accounts import notices
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.usecase import use_case

from .recording import PersonToInvite


@use_case("reviews.manage_membership")
def add_member(
    review: Review, *, by: Any, role: str, email: str, name: str = "", agency: Any = None, **dates: Any
) -> Membership:
    """Give a role to the person with this address. Somebody new is invited; what they are given counts once they accept.

    Raises ValidationError and NotYet as memberships.add_member and accounts.invitations do.
    """
    organisation = agency.name if agency is not None else ""
    person = PersonToInvite(name=name, email=email, organisation=organisation).make(review, by)
    membership: Membership = memberships.add_member(review, by=by, user=person, role=role, agency=agency, **dates)
    if person.is_active:
        notices.send("appointed", to=[person], reference=review.reference, link=f"/reviews/{review.pk}/")
    return membership
