"""The shape shared by everything a step records: who did it and how, kept apart from who typed it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock
from restricted_docs.fields import SealedTextField

from ..querysets import StandingFacts
from ..vocabulary import Means
from .review import OfReview


@dataclass(frozen=True, kw_only=True)
class Credit:
    """To whom a step is credited. `done_by` is who did it (on `done_on`, by `how`); `recorded_by` typed it.

    `evidence` is the id of a filed paper that shows it; `confirmed_by` a second person who saw it.
    """

    done_by: Any
    recorded_by: Any
    done_on: date
    how: str = Means.HERE
    evidence: UUID | None = None
    confirmed_by: Any = None
    step: int | None = None

    @property
    def for_another(self) -> bool:
        return getattr(self.done_by, "pk", None) != getattr(self.recorded_by, "pk", None) or self.how != Means.HERE

    def of_fact(self) -> dict[str, Any]:
        """The fields of a Fact."""
        return {
            "done_by": self.done_by,
            "recorded_by": self.recorded_by,
            "done_on": self.done_on,
            "how": self.how,
            "evidence": self.evidence,
            "confirmed_by": self.confirmed_by,
            "step": self.step,
        }


def own(by: Any) -> Credit:
    """Credit for something a person does here, now, themself."""
    return Credit(done_by=by, recorded_by=by, done_on=clock.today())


class Fact(OfReview):
    """Something done on the statutory path. Superseded when undone or corrected; never deleted."""

    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    how = models.CharField(max_length=10, choices=Means, default=Means.HERE)
    evidence = models.UUIDField(null=True, blank=True, help_text="The filed paper that shows it.")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    step = models.BigIntegerField(
        null=True, blank=True, db_index=True, help_text="The task whose completion recorded it."
    )
    reason = SealedTextField(container="review_id")
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = StandingFacts.as_manager()

    class Meta(OfReview.Meta):
        abstract = True
        ordering = ["recorded_at", "step"]  # two facts of one moment: the later task is the newer
        constraints = [
            models.CheckConstraint(
                name="%(class)s_superseded_at_and_by_both_or_neither",
                condition=Q(superseded_at__isnull=True, superseded_by__isnull=True)
                | Q(superseded_at__isnull=False, superseded_by__isnull=False),
            )
        ]

    def supersede(self, by: Any) -> None:
        """Set aside, by whom and when; the row and its sealed reasons stay."""
        self.superseded_at, self.superseded_by = clock.now(), by
        self.save(update_fields=["superseded_at", "superseded_by"])
