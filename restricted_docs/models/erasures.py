"""That a review was erased: ordered by two people, done, and certified. The review's row stays, with nothing to open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dhr import clock
from dhr.reviews.models.review import OfReview

from ..vocabulary import ErasureReason

PERSON = settings.AUTH_USER_MODEL


class Erasure(OfReview):
    """One for a review, and for good. `keys`: SHA-256 names of the keys that were destroyed."""

    reason = models.CharField(max_length=30, choices=ErasureReason)
    ordered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(default=clock.now)
    keys = models.JSONField(default=list)
    papers = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    certificate = models.TextField(blank=True)

    class Meta(OfReview.Meta):
        constraints = [
            models.UniqueConstraint(name="a_review_is_erased_once", fields=["review"]),
            models.CheckConstraint(name="two_people_order_an_erasure", condition=~Q(ordered_by=F("second"))),
        ]
