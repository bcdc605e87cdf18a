"""What goes to the Home Office, and what it answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ..vocabulary import Answer
from .facts import Fact


class Pack(Fact):
    """The pack as put together: for each item the version that goes, or that it is not needed (why: `reason`).

    `items` is {item code: {"document": uuid, "version": n} or {"not_needed": true}}.
    """

    items = models.JSONField(default=dict)


class Submission(Fact):
    """The pack was sent, on `done_on`, outside this service."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="submissions")
    address = models.CharField(max_length=120)


class HomeOfficeAnswer(Fact):
    """The Home Office's letter (the filed letter is `evidence`)."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=24, choices=Answer)
    letter_on = models.DateField()

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(name="a_home_office_answer_has_its_letter", condition=Q(evidence__isnull=False)),
        ]


class ChangesPlan(Fact):
    """What the officer and the chair agreed to do about the Home Office's answer."""

    answer = models.ForeignKey(HomeOfficeAnswer, on_delete=models.PROTECT, related_name="plans")
    board_sees_it_again = models.BooleanField()
    resubmit = models.BooleanField()
