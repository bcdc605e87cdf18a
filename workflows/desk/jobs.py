"""A step as people see it: what it is called, whose it is, when it is due, what keeps it locked. No query per step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from chairs.models import Appointment
from dhr.access.roles import ON_REVIEW, ROLE_NAMES, Role
from dhr.govuk.dates import written
from dhr.reviews.models import Commission
from dhr.reviews.vocabulary import Means

from ..engine import CLOSED, SUSPENDED
from ..flows.appointment import AppointmentFlow
from ..flows.commission import CommissionFlow
from ..flows.commissioner import CommissionersCopyFlow
from ..flows.family import FamilyFlow
from ..flows.learning import LearningFlow
from ..flows.review import ReviewFlow
from ..models import Step

FLOWS: dict[str, Any] = {
    flow.__name__: flow
    for flow in (ReviewFlow, AppointmentFlow, CommissionFlow, CommissionersCopyFlow, FamilyFlow, LearningFlow)
}
SUBJECTS: dict[str, Any] = {"CommissionFlow": Commission, "AppointmentFlow": Appointment}
# Permissions that come from an agency request or an appointment, not from a role on the whole review.
OFF_THE_REVIEW = {
    "reviews.return_commission": ROLE_NAMES[Role.AGENCY_AUTHOR],
    "reviews.sign_commission": ROLE_NAMES[Role.AGENCY_SIGNATORY],
    "chairs.declare_independence": "Whoever was appointed",
}


def node_of(step: Step) -> Any:
    """The node of a step by its stored names: needs neither the task nor the process."""
    return FLOWS[step.flow].instance.node(step.node)


@cache
def role_that_may(permission: str) -> str:
    """The roles that hold a permission, in words: "Chair or report author"."""
    if permission in OFF_THE_REVIEW:
        return OFF_THE_REVIEW[permission]
    roles = [role for role, given in ON_REVIEW.items() if permission in given]
    names = [ROLE_NAMES[role] for role in roles if role is not Role.LEAD_CHAIR or Role.CHAIR not in roles]
    return " or ".join([*names[:1], *(name[:1].lower() + name[1:] for name in names[1:])])


def days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


@dataclass(frozen=True)
class Job:
    """A step with everything a page says of it. `mine`: the reader could do it; `locked`: why nobody can now."""

    step: Step
    node: Any
    subject: Any = None
    mine: bool = False
    locked: str = ""

    @property
    def title(self) -> str:
        """Verb first; for a side task with what it is about."""
        about = ""
        if isinstance(self.subject, Commission):
            about = f": {self.subject}"
        elif isinstance(self.subject, Appointment):
            about = f": {self.subject.user.name}"
        return f"{self.node.task_title}{about}"

    @property
    def url(self) -> str:
        return reverse("task", args=[self.step.pk])

    @property
    def holder(self) -> str:
        """Whose it is: its owner by name, else the role that may do it."""
        if self.step.waits:
            return "Waits by itself"
        if self.step.owner is not None:
            return str(self.step.owner.name)
        return role_that_may(self.node.permission)

    @property
    def is_paused(self) -> bool:
        return self.step.review.is_suspended and not getattr(self.node, "while_suspended", False)

    @property
    def days_late(self) -> int:
        """0 while the review is suspended: the dates move when it is resumed."""
        return 0 if self.is_paused else self.step.days_late

    @property
    def due(self) -> str:
        """ "Due 5 March 2026, 9 days late"."""
        if self.step.due_on is None:
            return "No due date"
        late = f", {days(self.days_late)} late" if self.days_late else ""
        return f"Due {written(self.step.due_on)}{late}"

    @property
    def done(self) -> str:
        """Who did it, when and how, and who wrote it down if that was somebody else."""
        step = self.step
        if step.done_by is None or step.done_on is None:
            return ""
        how = "" if step.how in ("", Means.HERE) else f", {Means(step.how).label.lower()}"
        by_another = step.recorded_by is not None and step.recorded_by != step.done_by
        recorded = f". Recorded by {step.recorded_by.name}" if by_another and step.recorded_by else ""
        confirmed = f", confirmed by {step.confirmed_by.name}" if step.confirmed_by else ""
        return f"{written(step.done_on)}, {step.done_by.name}{how}{recorded}{confirmed}"


def read(steps: Iterable[Step], person: Any, *, mine: bool | None = None) -> list[Job]:
    """The steps as jobs of this reader, in at most a query for each kind of subject. `mine` where the caller knows it."""
    found = list(steps)
    about = {flow: _subjects(flow, found) for flow in SUBJECTS}
    return [_job(step, about.get(step.flow, {}).get(step.subject), person, mine) for step in found]


def _subjects(flow: str, steps: Sequence[Step]) -> dict[Any, Any]:
    keys = {step.subject for step in steps if step.flow == flow}
    beside = ("agency", "review") if flow == "CommissionFlow" else ("user", "review")
    return SUBJECTS[flow].objects.select_related(*beside).in_bulk(keys) if keys else {}


def _job(step: Step, subject: Any, person: Any, mine: bool | None) -> Job:
    node = node_of(step)
    if step.waits or not step.is_open:
        return Job(step, node, subject)
    may = bool(person.has_perm(node.permission, subject or step.review)) if mine is None else mine
    return Job(step, node, subject, mine=may, locked=_locked(step, node))


def _locked(step: Step, node: Any) -> str:
    """The sentence that says what unlocks an open step, or nothing. As engine.why_not_now, without reading the task."""
    if not step.is_open:
        return ""
    if not step.review.is_open:
        return CLOSED
    if step.review.is_suspended and not node.while_suspended:
        return SUSPENDED
    return str(node.waits_for(step.review)) if node.waits_for else ""
