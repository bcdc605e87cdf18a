"""Opening the tasks that run beside the main path. Each opens once, and holds nothing back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from viewflow.workflow.models import Task

from chairs.appointing import standing_appointments, undo_appointments
from dhr import clock
from dhr.reviews.deciding import decision_of
from dhr.reviews.models import Review
from dhr.reviews.vocabulary import Outcome
from dhr.usecase import acting

from ..flows.appointment import AppointmentFlow
from ..flows.base import ReviewFlowBase
from ..flows.commissioner import CommissionersCopyFlow
from ..flows.family import FamilyFlow
from ..flows.learning import LearningFlow
from ..models import ReviewProcess, Step


def open_once(flow_class: type[ReviewFlowBase], review: Review, subject: UUID | None = None) -> None:
    """Start a side flow for this review and subject, unless it runs or ran already."""
    same = ReviewProcess.objects.filter(review=review, flow_class=flow_class, subject=subject, is_live=True)
    if not same.exists():
        flow_class.start.run(review=review, subject=subject)


def after_scoping(review: Review, **_: Any) -> None:
    open_once(LearningFlow, review)


def after_decision(review: Review, **_: Any) -> None:
    """The family is kept in touch with from the decision on, whatever was decided."""
    decision = decision_of(review)
    if decision is not None and decision.outcome in {Outcome.REVIEW, Outcome.NO_REVIEW, Outcome.OTHER_REVIEW}:
        open_once(LearningFlow, review)
        open_once(FamilyFlow, review)


def after_appointing(review: Review, **_: Any) -> None:
    """Each appointed chair or author has a declaration of their own to make."""
    for appointment in standing_appointments(review):
        if appointment.declared_on is None:
            open_once(AppointmentFlow, review, appointment.pk)


def after_sign_off(review: Review, *, signed_off: bool = False, **_: Any) -> None:
    """The report is complete: the Commissioner's copy is due, whatever becomes of publication."""
    if signed_off:
        open_once(CommissionersCopyFlow, review)


def process_about(subject: UUID) -> ReviewProcess | None:
    """The live side process about an agency request or an appointment."""
    return ReviewProcess.objects.filter(subject=subject, is_live=True).last()


def withdraw(process: ReviewProcess) -> None:
    """Withdraw a process: its open tasks are closed undone. Used for agency requests and cancelled reviews."""
    for task in Task.objects.filter(process=process, finished__isnull=True):
        task.status, task.finished = "CANCELED", clock.now()
        task.save(update_fields=["status", "finished"])
    Step.objects.filter(task__process=process).open().update(closed_at=clock.now())
    process.status, process.finished, process.is_live = "CANCELED", clock.now(), False
    process.save()


def undo_appointing(process: ReviewProcess, step: Step) -> None:
    """The appointments of this step go back, with the declarations they were asked for; declared ones stay (NotYet)."""
    for appointment in undo_appointments(process.review, by=acting(), done_by_step=step.pk):
        waiting = process_about(appointment.pk)
        if waiting is not None:
            withdraw(waiting)
