"""Restrictions under Schedule 12A: proposed by who knows the paper, decided by the monitoring officer, looked at again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.reviews.models.review import OfReview

from ..fields import SealedTextField
from ..querysets import RestrictionQuerySet
from ..schedule_12a import table
from ..vocabulary import RestrictionState
from .documents import Document

PERSON = settings.AUTH_USER_MODEL


class Restriction(OfReview):
    """One proposal and what became of it. The newest of a document counts; earlier ones stay as they were decided."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="restrictions")
    paragraphs = models.JSONField(help_text="Numbers of paragraphs of Part 1.")
    table_version = models.CharField(max_length=30)
    public_interest = SealedTextField(container="review_id")
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=RestrictionState, default=RestrictionState.PROPOSED)
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True, help_text="When the balance is to be struck again.")
    reason = SealedTextField(container="review_id")

    objects = RestrictionQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_proposal_per_document", fields=["document"], condition=Q(state=RestrictionState.PROPOSED)
            ),
            models.CheckConstraint(
                name="a_decided_restriction_says_by_whom",
                condition=Q(state="proposed", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_restriction_in_force_is_looked_at_again",
                condition=~Q(state="decided") | Q(review_on__isnull=False),
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether it restricts: from the proposal on, until it is refused."""
        return self.state != RestrictionState.REFUSED

    @property
    def grounds(self) -> list[str]:
        """Each cited paragraph in plain words."""
        words = table(self.table_version).paragraphs
        return [f"Paragraph {number}: {words[number]}" for number in sorted(self.paragraphs)]

    def logged_as(self) -> dict[str, Any]:
        return self.document.logged_as()
