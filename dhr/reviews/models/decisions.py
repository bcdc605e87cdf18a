"""The decision whether to hold a review, who was told of it, and what the Home Office said of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from restricted_docs.fields import SealedTextField

from ..vocabulary import Outcome, Scrutiny
from .facts import Fact


class ReviewDecision(Fact):
    """Taken by the chair of the partnership's board after consulting (2016 guidance s.5). `reason` holds the reasons."""

    outcome = models.CharField(max_length=20, choices=Outcome)
    criteria = models.JSONField(default=list, help_text="Codes of the s.9(1) criteria found to be met.")
    consulted = SealedTextField(container="review_id")
    answer_due_on = models.DateField(null=True, blank=True, help_text="By when more information is needed.")
    leading_review = models.CharField(
        max_length=60, blank=True, help_text="Reference of the other review or notification."
    )

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="more_information_has_a_date",
                condition=~Q(outcome="more_information") | Q(answer_due_on__isnull=False),
            ),
        ]


class InformationGathered(Fact):
    """What was learned before the decision: from scoping, or when more was asked for."""

    learned = SealedTextField(container="review_id")
    scoped = models.BooleanField(default=False, help_text="Agencies were asked whether they knew the people.")


class Told(models.TextChoices):
    """Who is told of the decision, either way."""

    HOME_OFFICE = "home_office", "The Home Office"
    FAMILY = "family", "The family"


class Telling(Fact):
    """That somebody was told of the decision; or, for the family, why that was not possible."""

    told = models.CharField(max_length=12, choices=Told)
    was_possible = models.BooleanField(default=True)
    advocacy_offered = models.BooleanField(default=False)


class ScrutinyAnswer(Fact):
    """The Home Office's answer to a decision not to review (a direction is made under s.9(2))."""

    answer = models.CharField(max_length=10, choices=Scrutiny)
