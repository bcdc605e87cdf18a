"""One appointment: the chair or author declares independence before access starts."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow

from chairs import declaring
from chairs.appointing import DECLARE
from chairs.models import Appointment
from dhr.reviews.vocabulary import Stage

from ..nodes import NoUndo, StepNode
from .base import ReviewFlowBase


def appointment_of(process: Any) -> Appointment:
    return Appointment.objects.select_related("review", "chair", "user").get(pk=process.subject)


class AppointmentFlow(ReviewFlowBase):
    """Declaration of independence"""

    start = flow.StartHandle(this.begin).Next(this.declare_independence)
    declare_independence = StepNode(
        title="Declare independence",
        stage=Stage.CHAIR_APPOINTMENT,
        does=declaring.declare_independence,
        permission=DECLARE,
        undo=NoUndo("Access has started. Record that the chair stood down instead."),
        main=False,
        due="declaration",
        while_suspended=True,
        subject=appointment_of,
    ).Next(this.declared)
    declared = flow.End()
