"""Agency requests: sent from the decision on (scoping before), added late, returned, signed, or withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from dhr import clock
from dhr.access.roles import OF_ONE_COMMISSION
from dhr.usecase import NotYet, ask, record, use_case

from . import memberships
from .law.deadlines import due_on as due_under
from .models import Agency, Commission, Review
from .models.facts import Credit
from .recording import step, told
from .vocabulary import CommissionState


@use_case("reviews.record_progress")
def ask_agency(
    review: Review,
    *,
    by: Any,
    agency: Agency,
    kind: str,
    due_on: date | None = None,
    scope: str = "",
    author: Any = None,
    signatory: Any = None,
) -> Commission:
    """Ask an agency for its account. Its author and signatory see this request and nothing else of the review."""
    if due_on is not None and due_on < clock.today():
        raise ValidationError({"due_on": "The date by which you need it cannot be in the past."})
    if author is not None and author == signatory:
        raise ValidationError({"signatory": "A senior officer signs, not the author."})
    commission = Commission(
        review=review,
        agency=agency,
        kind=kind,
        asked_on=clock.today(),
        due_on=due_on or due_under("commission", clock.today()),
        scope=scope,
    )
    commission.save()
    memberships.sync_object(commission)
    record("commission.sent", commission, kind=kind, due_on=commission.due_on)
    name_agency_people(commission, author=author, signatory=signatory)
    return commission


def name_agency_people(commission: Commission, *, author: Any = None, signatory: Any = None) -> None:
    """Give the agency's people their part, inside the use case in hand."""
    for user, role in zip((author, signatory), ("agency_author", "agency_signatory"), strict=True):
        if user is not None:
            memberships.join(commission.review, user, role, agency=commission.agency, commission=commission)


@step("reviews.return_commission")
def return_commission(commission: Commission, *, by: Any, credit: Credit, nil: bool = False, answer: str = "") -> None:
    """The agency's account came in; or the agency knows nothing (nil return)."""
    _must_be(commission, CommissionState.ASKED)
    commission.answer = answer
    _settle(commission, CommissionState.NIL if nil else CommissionState.RETURNED)
    record(
        "commission.nil_returned" if nil else "commission.returned", commission, kind=commission.kind, **told(credit)
    )


@step("reviews.sign_commission")
def sign_commission(commission: Commission, *, by: Any, credit: Credit) -> None:
    """The agency's senior officer signs its account."""
    _must_be(commission, CommissionState.RETURNED)
    _settle(commission, CommissionState.SIGNED)
    record("commission.signed", commission, kind=commission.kind, **told(credit))


@use_case(None)
def settle_without_return(commission: Commission, *, by: Any, withdrawn: bool) -> None:
    """The request is withdrawn, or the agency is recorded as not engaging. Nothing waits for it any more."""
    ask(by, "reviews.record_progress", commission.review)
    if commission.is_settled:
        raise NotYet("This request is settled already.")
    _settle(commission, CommissionState.WITHDRAWN if withdrawn else CommissionState.NOT_ENGAGING)
    for membership in commission.review.membership_set.current().filter(
        commission=commission, role__in=OF_ONE_COMMISSION
    ):
        memberships.leave(membership)
    record("commission.withdrawn" if withdrawn else "commission.not_engaging", commission, kind=commission.kind)


def _must_be(commission: Commission, state: str) -> None:
    if commission.state != state:
        raise NotYet(f"This request stands at: {commission.get_state_display()}. Open the page again to see it.")


def _settle(commission: Commission, state: str) -> None:
    commission.state = state
    commission.settled_on = clock.today() if commission.is_settled else None
    commission.save()


def reopen_return(commission: Commission) -> None:
    """Undo the latest return or signature, inside the use case in hand."""
    back = {CommissionState.SIGNED: CommissionState.RETURNED}.get(
        CommissionState(commission.state), CommissionState.ASKED
    )
    _settle(commission, back)
