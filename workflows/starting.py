"""What people start: a notification, an agency request. Each is one use case over two packages, one transaction."""

from __future__ import annotations

from typing import Any

from dhr.accounts import notices
from dhr.accounts.models import Partnership
from dhr.reviews import commissioning, notifying
from dhr.reviews.models import Commission, Review
from dhr.usecase import use_case

from . import engine
from .flows.commission import CommissionFlow
from .models import SavedAnswers
from .steps import side


@use_case("reviews.record_notification", standing=True)
def record_notification(partnership: Partnership, *, by: Any, **facts: Any) -> Review:
    """Record a notification and set the review on its path. A double click makes one review. The form's and the API's door."""
    review: Review = notifying.record_notification(partnership, by=by, **facts)
    engine.start_review(review)
    engine.settle(review, by=by)
    SavedAnswers.objects.filter(person=by, form="record-notification").delete()
    return review


@use_case("reviews.record_progress")
def ask_agency(review: Review, *, by: Any, **answers: Any) -> Commission:
    """Send an agency request, at any stage, even while the review is suspended."""
    commission: Commission = commissioning.ask_agency(review, by=by, **answers)
    CommissionFlow.start.run(review=review, subject=commission.pk)
    people = [person for person in (answers.get("author"), answers.get("signatory")) if person is not None]
    notices.send("commission_asked", to=people, reference=review.reference, link=f"/requests/{commission.pk}/")
    return commission


@use_case(None)
def settle_without_return(commission: Commission, *, by: Any, withdrawn: bool) -> None:
    """Withdraw an agency request, or record that the agency did not engage: its tasks go with it."""
    commissioning.settle_without_return(commission, by=by, withdrawn=withdrawn)
    process = side.process_about(commission.pk)
    if process is not None:
        side.withdraw(process)
