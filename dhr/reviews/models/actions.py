"""The action plan: recommendations and what is done about them, for years."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dhr import clock
from dhr.access.grants import Grant
from dhr.access.visible import VisibleQuerySet
from restricted_docs.fields import SealedTextField

from ..vocabulary import ActionScope, ActionStatus
from .review import OfReview


class ActionQuerySet(VisibleQuerySet):
    def open(self) -> ActionQuerySet:
        return self.filter(status=ActionStatus.OPEN)

    def overdue(self) -> ActionQuerySet:
        return self.open().filter(due_on__lt=clock.today())


class Action(OfReview):
    """One action, with the columns of the Home Office action plan. Its owner sees it and nothing else of the review."""

    number = models.PositiveIntegerField()
    recommendation = SealedTextField(container="review_id")
    text = SealedTextField(container="review_id")
    scope = models.CharField(max_length=14, choices=ActionScope)
    lead_agency = models.ForeignKey("reviews.Agency", on_delete=models.PROTECT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    monitored_by = models.CharField(
        max_length=120, blank=True, help_text="Another named body, where it is not the partnership."
    )
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=6, choices=ActionStatus, default=ActionStatus.OPEN)
    settled_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    objects = ActionQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["number"]
        permissions = [("view_action", "Can see the action"), ("update_own_action", "Can update their own action")]
        constraints = [models.UniqueConstraint(name="one_action_per_number", fields=["review", "number"])]

    def __str__(self) -> str:
        return f"Action {self.number} of {self.review}"


class ActionGrant(Grant):
    """One permission of one person on one action."""

    content_object = models.ForeignKey(Action, on_delete=models.CASCADE)


class ActionProgress(OfReview):
    """A note of progress, or of completion, by its owner or the officer."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="progress")
    on = models.DateField(default=clock.today)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = SealedTextField(container="review_id")
    evidence = models.UUIDField(null=True, blank=True)
    status = models.CharField(max_length=6, choices=ActionStatus)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(OfReview.Meta):
        ordering = ["on", "recorded_at"]
