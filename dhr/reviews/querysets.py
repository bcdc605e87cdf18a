"""Lists of reviews and of what belongs to them, as chainable adjectives."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.access.visible import VisibleQuerySet


class ReviewQuerySet(VisibleQuerySet):
    """Reviews. Every list starts with `visible_to(user, "reviews.view_review")`."""

    def live(self) -> Any:
        return self.filter(closed_at__isnull=True)

    def suspended(self) -> Any:
        return self.filter(suspended_at__isnull=False, closed_at__isnull=True)

    def at_stage(self, stage: str) -> Any:
        return self.filter(stage=stage)


class StandingFacts(models.QuerySet[Any]):
    """Recorded facts that still stand: not undone and not corrected away."""

    def standing(self) -> Any:
        return self.filter(superseded_at__isnull=True)


class MembershipQuerySet(models.QuerySet[Any]):
    def current(self) -> Any:
        """Memberships that count today."""
        day = clock.today()
        return self.filter(Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def standing(self) -> Any:
        """Memberships that count today or will on a day to come."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), ended_at__isnull=True)
