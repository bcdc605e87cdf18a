"""Agencies that take part in reviews: reference data."""

from __future__ import annotations

import uuid

from django.db import models


class AgencyKind(models.TextChoices):
    """Who they are. The first group are the bodies listed in s.9(4) of the 2004 Act."""

    POLICE = "police", "Police"
    COUNCIL = "council", "Local authority"
    PROBATION = "probation", "Probation"
    NHS_ENGLAND = "nhs_england", "NHS England"
    ICB = "icb", "Integrated care board"
    NHS_TRUST = "nhs_trust", "NHS trust"
    FIRE = "fire", "Fire and rescue"
    SPECIALIST = "specialist", "Domestic abuse specialist"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    OTHER = "other", "Other"


class Agency(models.Model):
    """A body that may know something of the people in a review, or sit on its panel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=20, choices=AgencyKind)
    in_area = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
