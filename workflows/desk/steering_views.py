"""Steering a review: suspend, resume, cancel, undo the latest step, and say whose task it is. Each with a reason."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from dhr.access import grants
from dhr.access.roles import ON_REVIEW
from dhr.reviews import memberships
from dhr.reviews.pausing import WHAT_PAUSES
from dhr.reviews.recording import RECORD

from .. import engine, pausing, undoing
from ..models import Step
from ..nodes import NoUndo
from .access import VIEW, hidden
from .asking import AskOfReview
from .steering_forms import ReasonForm, ReassignForm, SuspendForm

SUSPEND = "reviews.suspend_review"
CORRECT = "reviews.correct_record"


class Suspend(AskOfReview):
    may = (SUSPEND,)
    form_class = SuspendForm
    heading = "Suspend the review"
    submit_text = "Suspend the review"
    consequence = f"{WHAT_PAUSES} Everybody on the review is told that it is suspended, not why."
    done = "The review is suspended."

    def act(self, **answers: Any) -> None:
        pausing.suspend(self.review, by=self.request.user, **answers)


class Resume(AskOfReview):
    may = (SUSPEND,)
    form_class = ReasonForm
    heading = "Resume the review"
    submit_text = "Resume the review"
    consequence = "The due dates of what waited move by the days of the pause. Everybody on the review is told."
    done = "The review goes on again. Due dates have moved by the length of the pause."

    def act(self, **answers: Any) -> None:
        pausing.resume(self.review, by=self.request.user, **answers)


class Cancel(AskOfReview):
    may = (SUSPEND,)
    form_class = ReasonForm
    heading = "Cancel the review"
    submit_text = "Cancel the review for good"
    consequence = (
        "The review ends here and cannot be taken up again. Every open task is withdrawn. Papers, records and the access log "
        "stay. To pause the review instead, suspend it."
    )
    done = "The review is cancelled."

    def act(self, **answers: Any) -> None:
        engine.cancel_review(self.review, by=self.request.user, **answers)


class AskOfStep(AskOfReview):
    """A page about one step of the review."""

    step: Step

    def find(self, step: int) -> None:
        found = Step.objects.of_people().select_related("task", "review", "owner", "done_by")
        self.step = get_object_or_404(found, pk=step, review=self.review)

    @property
    def node(self) -> Any:
        return engine.node_of(self.step)


class Undo(AskOfStep):
    may = (CORRECT,)
    form_class = ReasonForm
    submit_text = "Undo this step"
    done = "The step has been undone and is open again."

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Undo: {self.node.task_title}"

    @property
    def consequence(self) -> str:  # type: ignore[override]
        if isinstance(self.node.undoing, NoUndo):
            return f"This step cannot be undone. {self.node.undoing.why}"
        return (
            f"“{self.node.task_title}” opens again. What it recorded is set aside, never deleted, and the tasks that it "
            "opened are withdrawn. Only the latest step can be undone."
        )

    def act(self, **answers: Any) -> None:
        undoing.undo_step(self.step, by=self.request.user, **answers)


class Reassign(AskOfStep):
    may = (VIEW,)
    submit_text = "Give them the task"
    done = "The task has been given to them, and they have been told."

    def find(self, step: int) -> None:
        super().find(step)
        if not (self.request.user.has_perm(RECORD, self.review) or self.step.owner == self.request.user):
            raise hidden(self.request, self.step, RECORD)
        if not self.step.is_open:
            raise Http404

    @property
    def heading(self) -> str:  # type: ignore[override]
        return f"Whose task is it: {self.node.task_title}"

    @property
    def consequence(self) -> str:  # type: ignore[override]
        return "It is listed as theirs and they are told. Others with the same role can still do it."

    def form(self, data: Any) -> ReassignForm:
        return ReassignForm(data, people=self.able())

    def able(self) -> list[Any]:
        """Everybody who could do this step today."""
        if self.step.subject is not None:
            return grants.holders(engine.subject_of(self.step), self.node.permission)
        roles = [role for role, given in ON_REVIEW.items() if self.node.permission in given]
        return list(dict.fromkeys(memberships.holders(self.review, *roles)))

    def act(self, **answers: Any) -> None:
        engine.reassign(self.step, by=self.request.user, **answers)
