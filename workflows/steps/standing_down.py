"""Chairs that come and go after the first appointment: the process follows, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chairs import appointing
from chairs.models import Appointment
from chairs.register import APPOINT
from dhr.reviews.models import Review
from dhr.reviews.models.facts import own
from dhr.usecase import NotYet, use_case

from .. import engine
from .handing_over import release_tasks
from .side import after_appointing


@use_case(None)
def stand_down(appointment: Appointment, *, by: Any, reason: str) -> Appointment:
    """Somebody stands down: access and their tasks go at once, and what waited for their declaration goes on."""
    appointing.stand_down(appointment, by=by, reason=reason)
    process = engine.process_about(appointment.pk)
    if process is not None:
        engine.withdraw(process)
    release_tasks(appointment.review, appointment.user)
    engine.move_on(appointment.review)
    engine.settle(appointment.review, by=by)
    return appointment


@use_case(APPOINT)
def appoint_another(review: Review, *, by: Any, appointments: Sequence[Mapping[str, Any]]) -> list[Appointment]:
    """Appoint further chairs, or one in place of somebody who stood down. Each gets a declaration of their own to make."""
    if not Appointment.objects.filter(review=review).exists():
        raise NotYet("Appoint the first chair with the task “Appoint the chair”.")
    appointed: list[Appointment] = appointing.appoint_chairs(review, by=by, credit=own(by), appointments=appointments)
    after_appointing(review)
    return appointed
