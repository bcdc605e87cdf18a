"""Soundings: asking a possible chair whether they would take a review, long before anybody is appointed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.reviews.models.review import OfReview
from restricted_docs.fields import SealedTextField

from ..vocabulary import Answer
from .register import ChairProfile


class Sounding(OfReview):
    """One question to one possible chair about one review, and the answer."""

    chair = models.ForeignKey(ChairProfile, on_delete=models.PROTECT, related_name="soundings")
    asked_on = models.DateField(default=clock.today)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.WAITING)
    answered_on = models.DateField(null=True, blank=True)
    note = SealedTextField(container="review_id")

    class Meta(OfReview.Meta):
        ordering = ["-asked_on"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_question_per_chair_and_review", fields=["review", "chair"], condition=Q(answer="waiting")
            ),
            models.CheckConstraint(
                name="an_answer_has_its_day",
                condition=Q(answer="waiting", answered_on__isnull=True)
                | (~Q(answer="waiting") & Q(answered_on__isnull=False)),
            ),
        ]
