"""Chairs who stand down: the process follows in the same transaction, and stops waiting for their declaration."""

from __future__ import annotations

from typing import Any

from chairs import appointing
from chairs.models import Appointment
from dhr.usecase import use_case

from .. import engine
from . import side
from .handing_over import release_tasks


@use_case(None)
def stand_down(appointment: Appointment, *, by: Any, reason: str) -> Appointment:
    """Somebody stands down: access and their tasks go at once, and what waited for their declaration goes on."""
    appointing.stand_down(appointment, by=by, reason=reason)
    process = side.process_about(appointment.pk)
    if process is not None:
        side.withdraw(process)
    release_tasks(appointment.review, appointment.user)
    engine.move_on(appointment.review)
    engine.settle(appointment.review, by=by)
    return appointment
