"""Lists of documents and restrictions, as chainable adjectives."""

from __future__ import annotations

from typing import Any

from django.db import models

from dhr import clock
from dhr.access.visible import VisibleQuerySet

from .vocabulary import RestrictionState, Scan


class DocumentQuerySet(VisibleQuerySet):
    """Documents. Every list starts with `visible_to(user, "restricted_docs.view_document")`."""

    def of_kind(self, *kinds: str) -> Any:
        return self.filter(kind__in=kinds)

    def of_review(self, review: Any) -> Any:
        return self.filter(review=review)


class VersionQuerySet(models.QuerySet[Any]):
    def quarantined(self) -> Any:
        """Waiting for the scanner, oldest first. What it found infected does not wait for anything any more."""
        return self.filter(scan=Scan.WAITING).order_by("uploaded_at")


class RestrictionQuerySet(models.QuerySet[Any]):
    def open(self) -> Any:
        """Proposed and not decided yet."""
        return self.filter(state=RestrictionState.PROPOSED)

    def due_for_review(self) -> Any:
        """In force, with the day to look at it again reached or passed."""
        return self.filter(state=RestrictionState.DECIDED, review_on__lte=clock.today())

    def in_partnership(self, partnership_id: Any) -> Any:
        return self.filter(review__partnership_id=partnership_id)
