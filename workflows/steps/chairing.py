"""How the process takes part in what happens to chairs on their own pages."""

from __future__ import annotations

from typing import Any

from chairs.declaring import declare_independence
from chairs.models import Appointment
from dhr.reviews.models import Review
from dhr.reviews.models.facts import Credit
from dhr.usecase import acting

from .. import engine
from ..models import Step
from . import side
from .handing_over import release_tasks


class ChairsProcess:
    """A chair appointed late has a declaration to make like any other; declaring is always the open task, where there is one."""

    def appointed(self, review: Review) -> None:
        side.after_appointing(review)

    def stood_down(self, appointment: Appointment) -> None:
        process = side.process_about(appointment.pk)
        if process is not None:
            side.withdraw(process)
        release_tasks(appointment.review, appointment.user)
        self.lead_changed(appointment.review)

    def lead_changed(self, review: Review) -> None:
        engine.move_on(review)
        engine.settle(review, by=acting())

    def declare(self, appointment: Appointment, *, by: Any, credit: Credit | None, **answers: Any) -> Appointment:
        step = Step.objects.select_related("task", "review").filter(subject=appointment.pk).open().last()
        if step is None:
            return declare_independence(appointment, by=by, credit=credit, **answers)
        return engine.complete(step, by=by, credit=credit, **answers)
