"""How this package answers for its objects when grants are made: the review, agency requests, actions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dhr.access.roles import CHAIRS, OF_ONE_COMMISSION, ON_REVIEW, UNTIL_DECIDED, Role

from .models import Action, ActionGrant, Commission, CommissionGrant, Review, ReviewGrant
from .vocabulary import Stage

UNDECIDED = {Stage.NOTIFICATION, Stage.DECISION}
NOTHING: frozenset[str] = frozenset()
VIEW = frozenset({"reviews.view_commission"})
RETURN = frozenset({"reviews.view_commission", "reviews.return_commission"})
SIGN = frozenset({"reviews.view_commission", "reviews.sign_commission"})
VIEW_ACTION = frozenset({"reviews.view_action"})
OWN_ACTION = frozenset({"reviews.view_action", "reviews.update_own_action"})


class ReviewSource:
    """A role's permissions on its review; the deciding chair reads the facts only until the decision."""

    grants = ReviewGrant

    def objects_of(self, review_id: Any) -> Iterable[Review]:
        return Review.objects.filter(pk=review_id)

    def permissions_for(self, membership: Any, subject: Review) -> frozenset[str]:
        role = Role(membership.role)
        given = ON_REVIEW[role]
        if subject.stage in UNDECIDED:
            given = given | UNTIL_DECIDED.get(role, NOTHING)
        return given


class CommissionSource:
    """The officer, chairs and author see every agency request; an agency only its own."""

    grants = CommissionGrant

    def objects_of(self, review_id: Any) -> Iterable[Commission]:
        return Commission.objects.filter(review_id=review_id)

    def permissions_for(self, membership: Any, subject: Commission) -> frozenset[str]:
        role = Role(membership.role)
        if role in OF_ONE_COMMISSION:
            if membership.commission_id != subject.pk:
                return NOTHING
            return RETURN if role is Role.AGENCY_AUTHOR else SIGN
        return VIEW if role in CHAIRS | {Role.OFFICER, Role.REPORT_AUTHOR} else NOTHING


class ActionSource:
    """The officer, chairs and author see the plan; a panel member their own agency's actions; an owner only theirs."""

    grants = ActionGrant

    def objects_of(self, review_id: Any) -> Iterable[Action]:
        return Action.objects.filter(review_id=review_id)

    def permissions_for(self, membership: Any, subject: Action) -> frozenset[str]:
        role = Role(membership.role)
        if role is Role.ACTION_OWNER:
            return OWN_ACTION if membership.action_id == subject.pk else NOTHING
        if role is Role.PANEL_MEMBER:
            own = membership.agency_id is not None and membership.agency_id == subject.lead_agency_id
            return OWN_ACTION if own else NOTHING
        return VIEW_ACTION if role in CHAIRS | {Role.OFFICER, Role.REPORT_AUTHOR} else NOTHING
