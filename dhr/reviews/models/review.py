"""The review of one death. In clear stand only its references, codes, dates and pseudonym."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.access.grants import Grant

from ..querysets import ReviewQuerySet
from ..vocabulary import Ending, Regime, Stage

UNKNOWN_CODE = "This is not one of the answers. Choose one of them."


class Review(models.Model):  # type: ignore[django-manager-missing]  # viewflow ships no types
    """One domestic homicide review (2004 Act s.9), from the notification of the death. Its key is its container's name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey("accounts.Partnership", on_delete=models.PROTECT, related_name="reviews")
    form_token = models.UUIDField(
        unique=True, help_text="Drawn with the empty form: the same form sent twice makes one review."
    )
    notified_on = models.DateField(help_text="The day the partnership was told of the death: clocks start here.")
    notification_year = models.PositiveSmallIntegerField()
    notification_number = models.PositiveIntegerField()
    number = models.PositiveIntegerField(null=True, blank=True, help_text="Given when a review is decided: DHR12.")
    regime = models.CharField(max_length=12, choices=Regime, blank=True)
    pseudonym = models.CharField(max_length=60, blank=True, help_text="The public name, chosen with the family.")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.NOTIFICATION)
    stage_since = models.DateField(default=clock.today)
    suspended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=Ending, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-notification_year", "-notification_number"]
        permissions = [
            ("view_review", "Can see the review's page, stage and dates"),
            ("view_narrative", "Can read the review's sealed free text"),
            ("reveal_identity", "Can reveal real names"),
            ("record_progress", "Can record the officer's steps, on behalf of others too"),
            ("decide_review", "Can take the statutory decision"),
            ("appoint_chair", "Can appoint chairs"),
            ("manage_membership", "Can give and end roles on the review"),
            ("suspend_review", "Can suspend, resume and cancel"),
            ("correct_record", "Can correct a recorded fact"),
            ("submit_review", "Can submit to the Home Office"),
            ("publish_review", "Can publish"),
            ("chair_review", "Can chair the review"),
            ("lead_review", "Can agree the terms and open drafting as lead chair"),
            ("upload_draft", "Can upload drafts"),
            ("comment_draft", "Can comment on drafts"),
            ("agree_draft", "Can agree drafts"),
            ("manage_action", "Can manage the action plan"),
            ("record_notification", "Can record a notification"),
            ("view_caseload", "Can see reference, officer, stage and lateness of every review"),
            ("hand_over_reviews", "Can hand an officer's reviews to another"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_notification_per_number_and_year",
                fields=["partnership", "notification_year", "notification_number"],
            ),
            models.UniqueConstraint(name="one_review_per_number", fields=["partnership", "number"]),
            models.CheckConstraint(
                name="a_closed_review_says_how_it_ended",
                condition=Q(closed_at__isnull=True, ending="") | (Q(closed_at__isnull=False) & ~Q(ending="")),
            ),
        ]
        indexes = [models.Index(fields=["stage", "stage_since"], name="review_stage")]

    def __str__(self) -> str:
        return self.reference

    @property
    def notification_reference(self) -> str:
        return f"N-{self.notification_year}-{self.notification_number:02d}"

    @property
    def reference(self) -> str:
        """DHR12 once a review is decided, N-2026-03 before. The only name of the review outside its own pages."""
        return f"DHR{self.number}" if self.number else self.notification_reference

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("review", self.pk)

    def take_lock(self) -> None:
        """One lock per review: its own row. The process engine takes the same one."""
        self.refresh_from_db(from_queryset=Review.objects.select_for_update())

    def logged_as(self) -> dict[str, Any]:
        return {"review": self.pk, "reference": self.reference}


def _knows(field: Any, value: Any) -> bool:
    return value in dict(field.flatchoices) or (value == "" and field.blank) or (value is None and field.null)


class OfReview(models.Model):
    """What belongs to one review: locked with it and logged under its reference."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT)

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.review}"

    def save(self, *args: Any, **options: Any) -> None:
        """Raises ValidationError for a code that is not in its vocabulary, whoever calls: codes stand in the clear."""
        coded = [field for field in self._meta.local_fields if field.choices]
        wrong = {field.name: UNKNOWN_CODE for field in coded if not _knows(field, getattr(self, field.attname))}
        if wrong:
            raise ValidationError(wrong)
        super().save(*args, **options)

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("review", self.review_id)

    def take_lock(self) -> None:
        review = self.review
        review.take_lock()
        self.refresh_from_db()
        self.review = review  # the locked one

    def logged_as(self) -> dict[str, Any]:
        return self.review.logged_as() | {"object": self._meta.model_name, "object_id": str(self.pk)}


class ReviewGrant(Grant):
    """One permission of one person on one review, from one membership."""

    content_object = models.ForeignKey(Review, on_delete=models.CASCADE)


class StageChange(OfReview):
    """A dated row for each change of stage: how long each stage took, and when it was left and entered again."""

    stage = models.CharField(max_length=20, choices=Stage)
    entered_on = models.DateField()
    entered_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(OfReview.Meta):
        ordering = ["entered_at"]
