"""Adding an action whose owner may have no account yet: the invitation and the action in one transaction."""

from __future__ import annotations

from typing import Any

from dhr.accounts import notices
from dhr.reviews import actions
from dhr.reviews.models import Action, Review
from dhr.usecase import use_case

from .recording import PersonToInvite


@use_case("reviews.manage_action")
def add_action(review: Review, *, by: Any, owner: str = "", owner_name: str = "", **answers: Any) -> Action:
    """Add an action; `owner` is an e-mail address, of an account or of somebody to invite. They are told."""
    person = None
    if owner:
        agency = answers["lead_agency"]
        person = PersonToInvite(name=owner_name or owner, email=owner, organisation=agency.name).make(review, by)
    action: Action = actions.add_action(review, by=by, owner=person, **answers)
    if person is not None:
        notices.send("appointed", to=[person], reference=review.reference, link=f"/actions/{action.pk}/")
    return action
