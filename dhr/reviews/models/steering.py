"""Why the course of a review was changed by hand: undone, given to somebody else, handed over, resumed, ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .facts import Fact


class Turn(models.TextChoices):
    """What was done to the course of the review."""

    UNDONE = "undone", "Undone"
    REASSIGNED = "reassigned", "Given to somebody else"
    HANDED_OVER = "handed_over", "Handed over to another officer"
    RESUMED = "resumed", "Resumed"
    PART_ENDED = "part_ended", "Part ended"
    PART_CHANGED = "part_changed", "Dates of a part changed"


class Steering(Fact):
    """One change of course and its sealed `reason`. `task` and `whom` say what and whom it was about."""

    turn = models.CharField(max_length=12, choices=Turn)
    task = models.BigIntegerField(null=True, blank=True)
    whom = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
