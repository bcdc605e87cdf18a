"""Early learning and its actions: recorded from scoping on, begun at once."""

from __future__ import annotations

from typing import Any

from dhr.usecase import record, use_case

from .models import EarlyLearning, Review
from .models.facts import Credit, own
from .recording import ask_either, step, told


@use_case(None)
def record_learning(review: Review, *, by: Any, learning: str) -> EarlyLearning:
    """Learning that cannot wait for the report."""
    ask_either(by, review, "reviews.chair_review", "reviews.record_progress")
    early = EarlyLearning(review=review, learning=learning, **own(by).of_fact())
    early.save()
    record("learning.recorded", early)
    return early


@step("reviews.record_progress")
def share_early_learning(review: Review, *, by: Any, credit: Credit) -> None:
    """The early learning was shared with the agencies; or there was none."""
    shared = EarlyLearning.objects.standing().filter(review=review).count()
    record("learning.shared", review, outcome="shared" if shared else "none found", **told(credit))
