"""Lists of the register and of appointments, as chainable adjectives."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Count, Q

from dhr.access.visible import VisibleQuerySet

from .vocabulary import PipelineStage, Service


class RegisterQuerySet(models.QuerySet[Any]):
    """Entries of the register."""

    def of_partnership(self, partnership: Any) -> Any:
        return self.filter(partnership=partnership)

    def on_the_register(self) -> Any:
        return self.exclude(stage=PipelineStage.REMOVED)

    def at_stage(self, stage: str) -> Any:
        return self.filter(stage=stage)

    def offering(self, service: str) -> Any:
        """Those who offer this service, alone or beside the other one."""
        return self.filter(services__in={service, Service.BOTH})

    def with_load(self) -> Any:
        """Each entry by name, with `live`: on how many open reviews the person is appointed today."""
        counts = Q(appointments__stood_down_on__isnull=True, appointments__review__closed_at__isnull=True)
        found = self.annotate(live=Count("appointments__review", filter=counts, distinct=True))
        return found.order_by("name", "pk")


class AppointmentQuerySet(VisibleQuerySet):
    """Appointments. `visible_to(user, "chairs.declare_independence")` are those that wait for this person's declaration."""

    def standing(self) -> Any:
        """Not stood down."""
        return self.filter(stood_down_on__isnull=True)

    def undeclared(self) -> Any:
        return self.filter(stood_down_on__isnull=True, declared_on__isnull=True)
