"""Queries for lists of work: what one person may do, what others hold, and what they are asked to confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import F, Q

from dhr import clock
from dhr.access import grants
from dhr.reviews.models import Review
from dhr.reviews.recording import RECORD

from ..models import SavedAnswers, Step, StepQuerySet
from ..nodes import StepNode
from .jobs import FLOWS, SUBJECTS, Job, read

SOON = timedelta(days=14)
MOST = 50  # of one list on one page, the most urgent; the page says so, and the rest is under Reviews


@dataclass
class Groups:
    """Somebody's work as Your work shows it."""

    overdue: list[Job] = field(default_factory=list)
    soon: list[Job] = field(default_factory=list)
    later: list[Job] = field(default_factory=list)
    suspended: list[Job] = field(default_factory=list)
    more: bool = False

    @property
    def all(self) -> list[Job]:
        return [*self.overdue, *self.soon, *self.later, *self.suspended]


@cache
def _nodes_by_permission() -> dict[tuple[str, Any], list[str]]:
    """(permission, what it is asked of) -> names of the nodes it opens."""
    found: dict[tuple[str, Any], list[str]] = defaultdict(list)
    for name, flow in FLOWS.items():
        for node in flow.instance.nodes():
            if isinstance(node, StepNode):
                found[node.permission, SUBJECTS.get(name, Review)].append(node.name)
    return dict(found)


def may_be_done_by(person: Any) -> Q:
    """The steps that this person could do, as a condition: the same answer as has_perm, for a whole list at once."""
    may = Q(pk__in=[])
    for (permission, model), nodes in _nodes_by_permission().items():
        table = grants.table_for(model)
        if table is None:
            continue
        place = "review__in" if model is Review else "subject__in"
        may |= Q(node__in=nodes, **{place: grants.objects_with(person, permission, table)})
    return may


def waiting_steps() -> StepQuerySet:
    """Open tasks of live reviews, the most urgent first."""
    steps = Step.objects.open().of_people().filter(review__closed_at__isnull=True)
    return steps.select_related("review", "owner").order_by(F("due_on").asc(nulls_last=True), "pk")


def work_of(person: Any, may: Q) -> Groups:
    """What this person may do (`may_be_done_by`), grouped by when it is due."""
    jobs, more = the_most_urgent(waiting_steps().filter(may), person, mine=True)
    groups = grouped(jobs)
    groups.more = more
    return groups


def the_most_urgent(steps: StepQuerySet, person: Any, *, mine: bool) -> tuple[list[Job], bool]:
    """At most MOST of them, and whether there are more."""
    jobs = read(steps[: MOST + 1], person, mine=mine)
    return jobs[:MOST], len(jobs) > MOST


def grouped(jobs: Iterable[Job]) -> Groups:
    groups, today = Groups(), clock.today()
    for job in jobs:
        due = job.step.due_on
        if job.is_paused:
            groups.suspended.append(job)
        elif due is not None and due < today:
            groups.overdue.append(job)
        elif due is not None and due <= today + SOON:
            groups.soon.append(job)
        else:
            groups.later.append(job)
    return groups


def held_by_others(person: Any, may: Q) -> tuple[list[Job], bool]:
    """What others hold on the reviews this person is the officer of: all but what they may do themself. Paused ones
    wait for nobody."""
    reviews = Review.objects.visible_to(person, RECORD).filter(suspended_at__isnull=True).values("pk")
    return the_most_urgent(waiting_steps().filter(review__in=reviews).exclude(may), person, mine=False)


def to_confirm(person: Any) -> list[SavedAnswers]:
    """Answers that a colleague prepared and asked this person to confirm."""
    asked = SavedAnswers.objects.filter(
        confirm_by=person, step__closed_at__isnull=True, step__review__closed_at__isnull=True
    )
    return list(asked.defer("answers").select_related("step__review", "person").order_by("saved_at"))


def steps_of(review: Review) -> list[Step]:
    """Every step of one review with its people, oldest first: all that the review's pages need, in one query."""
    people = ("owner", "done_by", "recorded_by", "confirmed_by")
    steps = list(Step.objects.filter(review=review).select_related(*people).order_by("pk"))
    for step in steps:
        step.review = review
    return steps
