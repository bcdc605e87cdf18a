"""The panel's terms of reference and meetings."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from restricted_docs.fields import SealedTextField

from ..vocabulary import MeetingKind
from .facts import Fact


class TermsOfReference(Fact):
    """What the review looks at, from when until when, and which questions it asks. `reason`: why an agency was left out."""

    looks_from = models.DateField(null=True, blank=True)
    looks_until = models.DateField(null=True, blank=True)
    questions = SealedTextField(container="review_id")

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="terms_look_forward",
                condition=Q(looks_until__isnull=True)
                | Q(looks_from__isnull=True)
                | Q(looks_until__gte=F("looks_from")),
            ),
        ]


class PanelMeeting(Fact):
    """A meeting of the panel, on `done_on`."""

    kind = models.CharField(max_length=10, choices=MeetingKind)
    agencies = models.ManyToManyField("reviews.Agency", blank=True)
    notes = SealedTextField(container="review_id")
