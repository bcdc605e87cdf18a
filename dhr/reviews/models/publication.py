"""Publication, and the copy for the Domestic Abuse Commissioner: two duties, neither waits for the other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from ..vocabulary import PublicationForm
from .facts import Fact


class Publication(Fact):
    """How much is made public (withheld or less than full: why is `reason`), and where and when it was."""

    form = models.CharField(max_length=20, choices=PublicationForm)
    letter = models.UUIDField(help_text="The Home Office letter on file: without it nothing is published.")
    address = models.URLField(blank=True)
    published_on = models.DateField(null=True, blank=True)

    class Meta(Fact.Meta):
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                name="what_is_withheld_is_not_published",
                condition=~Q(form="withheld") | Q(published_on__isnull=True),
            ),
        ]


class CommissionersCopy(Fact):
    """The report was sent to the Domestic Abuse Commissioner (2004 Act s.9(3B)), on `done_on`."""

    document = models.UUIDField()
    version = models.PositiveIntegerField()
    address = models.CharField(max_length=120)
