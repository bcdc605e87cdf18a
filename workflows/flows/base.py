"""What all flows share: our process model and our lock."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from viewflow.workflow import flow
from viewflow.workflow.models import Task

from dhr.reviews.models import Review

from ..locks import ReviewLock
from ..models import ReviewProcess


class ReviewFlowBase(flow.Flow):
    """A flow about one review. Started by `start.run(review=..., subject=...)` inside a use case."""

    process_class = ReviewProcess
    task_class = Task
    lock_impl = ReviewLock()

    def begin(self, activation: Any, review: Review, subject: UUID | None = None) -> ReviewProcess:
        """What every flow starts with: the review, and what a side flow is about."""
        activation.process.review = review
        activation.process.subject = subject
        return activation.process
