"""Taking back the latest step: only while nothing after it is touched, and only where its node says how."""

from __future__ import annotations

from typing import Any

from viewflow.workflow.models import Task

from dhr import clock
from dhr.reviews import stages
from dhr.reviews.models.facts import Fact
from dhr.reviews.models.steering import Turn
from dhr.reviews.steering import keep_reason
from dhr.reviews.vocabulary import Ending
from dhr.usecase import NotYet, ask, record, use_case

from .engine import node_of, process_of, settle
from .models import Step
from .nodes import NoUndo

GATES = {"EXCLUSIVE_GATEWAY", "PARALLEL_GATEWAY"}


@use_case(None)
def undo_step(step: Step, *, by: Any, reason: str) -> Step:
    """Take a step back and open it again. What it recorded is set aside, never deleted. Answers the reopened step.

    Raises NotYet where it is not the latest step, or its node says why it cannot be undone.
    """
    ask(by, "reviews.correct_record", step.review)
    _check(step)
    node, process = node_of(step), process_of(step)
    for model in Fact.__subclasses__():
        for fact in model.objects.standing().filter(step=step.pk):
            fact.supersede(by)
    if node.undoing is not None:
        node.undoing(process, step)
    _withdraw_what_followed(step.task)
    step.undone_at = clock.now()
    step.save(update_fields=["undone_at"])
    if not step.review.is_open:
        stages.reopen(step.review)
        process.status, process.finished = "NEW", None
        process.save()
    reopened = _open_again(step, node, process)
    settle(step.review, by=by)
    keep_reason(step.review, Turn.UNDONE, reason, by=by, task=step.pk)
    record("review.step_undone", step, node=step.node)
    return reopened


def _check(step: Step) -> None:
    if step.review.ending == Ending.CANCELLED:
        raise NotYet("This review was cancelled for good. Nothing of it can be taken up again.")
    if step.done_at is None or step.undone_at is not None:
        raise NotYet("Only a step that has been done can be undone.")
    undoing = node_of(step).undoing
    if isinstance(undoing, NoUndo):
        raise NotYet(f"This step cannot be undone. {undoing.why}")
    if step.is_main and step != latest(step):
        raise NotYet("Only the latest step can be undone. Undo the later one first, or record a correction.")
    if any(later.done_at is not None and later.undone_at is None for later in _steps_after(step.task)):
        raise NotYet("Something after this step has been done already. Record a correction instead.")


def latest(step: Step) -> Step | None:
    """The latest main step of the review that was done and still stands."""
    done = Step.objects.filter(review=step.review, is_main=True, flow=step.flow, undone_at__isnull=True).done()
    return done.order_by("done_at", "pk").last()


def _after(task: Task) -> list[Task]:
    """Every task that came out of this one, nearest first."""
    found: dict[int, Task] = {}
    frontier = [task]
    while frontier:
        following = [
            t for t in Task.objects.filter(previous__in=frontier).distinct() if t.pk not in found and t.pk != task.pk
        ]
        found.update({t.pk: t for t in following})
        frontier = following
    return list(found.values())


def _steps_after(task: Task) -> list[Step]:
    return list(Step.objects.filter(task__in=_after(task)))


def _withdraw_what_followed(task: Task) -> None:
    for following in _after(task):
        waiting_join = following.flow_task_type == "PARALLEL_GATEWAY" and following.finished is None
        if waiting_join:  # other branches still lead to it: it goes on waiting
            continue
        following.status, following.finished = "CANCELED", clock.now()
        following.save(update_fields=["status", "finished"])
        Step.objects.filter(task=following).open().update(closed_at=clock.now())
    task.status = "CANCELED"
    task.save(update_fields=["status"])


def _open_again(step: Step, node: Any, process: Any) -> Step:
    """A fresh task of the same node, in the same place of the flow."""
    previous = step.task.previous.first()
    before = previous.flow_task.activation_class(previous)
    before.process = process
    activation = node.open_again(before, step.task.token)
    return Step.objects.select_related("task", "review").get(pk=activation.task.pk)
