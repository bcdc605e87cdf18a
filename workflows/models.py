"""What the engine keeps beside viewflow's own rows: which review a process moves, and the human side of each task."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from viewflow.workflow.models import Process, Task

from dhr import clock
from dhr.reviews.models import Review
from dhr.reviews.vocabulary import Means, Stage
from restricted_docs.fields import SealedTextField
from restricted_docs.strongroom import PARTNERSHIP


class ReviewProcess(Process):
    """One run of one flow for one review. Side flows name what they are about: an agency request, an appointment."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="processes")
    subject = models.UUIDField(null=True, blank=True)
    is_live = models.BooleanField(default=True, help_text="False once it came to its end or was withdrawn.")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["review", "subject"], name="process_subject")]

    @property
    def opened(self) -> list[Step]:
        """The steps that this process has opened since it was read: whom to tell."""
        steps: list[Step] = self.__dict__.setdefault("_opened", [])
        return steps


class StepQuerySet(models.QuerySet["Step"]):
    def open(self) -> StepQuerySet:
        """Waiting to be done."""
        return self.filter(closed_at__isnull=True)

    def main(self) -> StepQuerySet:
        """On the statutory path: these decide the review's stage."""
        return self.filter(is_main=True)

    def done(self) -> StepQuerySet:
        return self.filter(done_at__isnull=False)

    def overdue(self) -> StepQuerySet:
        """Past its day. A suspended review's main tasks wait: they are not late."""
        late = self.open().filter(due_on__lt=clock.today())
        return late.exclude(is_main=True, review__suspended_at__isnull=False)

    def of_people(self) -> StepQuerySet:
        """Tasks for a person, not places where the process waits by itself."""
        return self.filter(waits=False)


class Step(models.Model):
    """A task as people see it: when it is due, and, once done, who did it and how, kept apart from who typed it and when."""

    task = models.OneToOneField(Task, on_delete=models.PROTECT, primary_key=True, related_name="step")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    flow = models.CharField(max_length=30)
    node = models.CharField(max_length=40)
    stage = models.CharField(max_length=20, choices=Stage)
    is_main = models.BooleanField()
    waits = models.BooleanField(default=False)
    subject = models.UUIDField(null=True, blank=True)
    opened_on = models.DateField(default=clock.today)
    due_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="steps"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, help_text="When it was typed in.")
    done_on = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=Means, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.UUIDField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_done_step_says_who_and_when",
                condition=Q(done_at__isnull=True, done_by__isnull=True, done_on__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, done_on__isnull=False, closed_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["review", "closed_at"], name="step_open"),
            models.Index(fields=["closed_at", "due_on"], name="step_due"),
        ]

    def __str__(self) -> str:
        return f"{self.node} of {self.review}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def days_late(self) -> int:
        """Days after the due day; 0 where it is not late, or waits for a suspended review."""
        if self.is_main and self.review.is_suspended:
            return 0
        late = (clock.today() - self.due_on).days if self.due_on and self.is_open else 0
        return max(late, 0)

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("review", self.review_id)

    def take_lock(self) -> None:
        review = self.review
        review.take_lock()
        self.refresh_from_db(from_queryset=Step.objects.select_related("task__process__reviewprocess"))
        self.review = review  # the locked one

    def logged_as(self) -> dict[str, Any]:
        return self.review.logged_as() | {"object": "task", "object_id": str(self.pk)}


def container_of_answers(answers: models.Model) -> uuid.UUID:
    """Where unsent answers are sealed: with their review, or with the partnership before there is one."""
    review: uuid.UUID | None = getattr(answers, "review_id", None)
    return review or PARTNERSHIP


class SavedAnswers(models.Model):
    """Answers typed but not yet sent: sealed, the person's own. With `confirm_by` they wait for a second person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True)
    form = models.CharField(max_length=60)
    answers = SealedTextField(container=container_of_answers)
    confirm_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="one_draft_per_person_and_task", fields=["person", "form", "step"], condition=Q(step__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_draft_per_person_and_form", fields=["person", "form"], condition=Q(step__isnull=True)
            ),
        ]
