"""The notification: the written report of a death that starts everything."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from restricted_docs.fields import SealedTextField

from ..vocabulary import Channel, Manner, Relationship
from .facts import Fact


class DateKnown(models.TextChoices):
    """How well a date is known. "Not known" and "between" are legitimate answers."""

    KNOWN = "known", "Known"
    BETWEEN = "between", "Between two dates"
    NOT_KNOWN = "not_known", "Not known"


class Notification(Fact):
    """What the partnership was told. Everything that describes a person is sealed."""

    notifying_agency = models.ForeignKey("reviews.Agency", on_delete=models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=10, choices=Channel)
    death_date_known = models.CharField(max_length=10, choices=DateKnown)
    death_from = models.DateField(null=True, blank=True)
    death_until = models.DateField(null=True, blank=True)
    manner = models.CharField(max_length=20, choices=Manner)
    relationship = models.CharField(max_length=12, choices=Relationship)
    aged_16_or_over = models.BooleanField(null=True)
    children_in_household = models.BooleanField(null=True)
    media_interest = models.BooleanField(default=False)
    notifier = SealedTextField(container="review_id")
    outside_references = SealedTextField(container="review_id")
    place_of_death = SealedTextField(container="review_id")
    circumstances = SealedTextField(container="review_id")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="the_date_of_death_is_known_between_or_not_known",
                condition=Q(death_date_known="not_known", death_from__isnull=True, death_until__isnull=True)
                | Q(death_date_known="known", death_from__isnull=False, death_until__isnull=True)
                | Q(death_date_known="between", death_from__isnull=False, death_until__gte=models.F("death_from")),
            ),
        ]
