"""The one door through which a step is done: pages, the API, commands, the demo and the tests all come through here.

`complete` asks, in one transaction and under the review's lock: is the task still open, may it be done now, may this person;
then the node's one use case runs, the process moves, the stage follows, and the log gets its lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from viewflow.workflow.models import Task

from dhr import clock
from dhr.access import grants
from dhr.access.backends import forget
from dhr.access.roles import ON_REVIEW
from dhr.accounts import notices
from dhr.reviews import memberships, stages
from dhr.reviews.models import Cancellation, Review
from dhr.reviews.models.facts import Credit, own
from dhr.reviews.models.steering import Turn
from dhr.reviews.recording import RECORD
from dhr.reviews.steering import keep_reason
from dhr.reviews.vocabulary import STAGES, Ending
from dhr.usecase import AlreadyDone, NotYet, Refused, record, use_case

from .flows.review import ENDINGS, ReviewFlow
from .models import ReviewProcess, Step
from .steps.side import withdraw

SUSPENDED = "This review is suspended. Resume it first; papers, contacts, requests and actions can still be recorded."
CLOSED = "This review has come to its end. Nothing more can be done on it."
DONE = "This has been done already"


def node_of(step: Step) -> Any:
    """The node of the flow that this step is a task of."""
    return step.task.flow_task


def subject_of(step: Step) -> Any:
    """What the step is about: the review, or the agency request or appointment of its side flow."""
    return node_of(step).subject_of(process_of(step))


def process_of(step: Step) -> ReviewProcess:
    process: ReviewProcess = step.task.process.coerced
    process.review = step.review  # one object for the review: the locked one
    return process


@use_case(None)
def complete(step: Step, *, by: Any, credit: Credit | None = None, **answers: Any) -> Any:
    """Do a step. `credit` says who did it and how, where that is not `by`, here, today.

    Answers what the step's use case answers. Raises AlreadyDone, NotYet, Refused, or ValidationError for bad answers.
    """
    node = check_open(step)
    process = process_of(step)
    subject = node.subject_of(process)
    credit = _credited(credit or own(by), step)
    result = node.does(subject, by=by, credit=credit, **answers)
    _close(step, credit)
    activation = node.activation_class(step.task)
    activation.process = process
    activation.finish(by)
    activation.activate_next()
    if node.after is not None:
        node.after(step.review, **answers)
    if not step.is_main:
        move_on(step.review)
    settle(step.review, by=by)
    tell_holders(step.review, process.opened, by=by)
    return result


def check_open(step: Step) -> Any:
    """The step's node, or the sentence why it cannot be done now."""
    if not step.is_open:
        who = f" by {step.done_by.name} on {step.done_on:%-d %B %Y}" if step.done_by else ""
        raise AlreadyDone(f"{DONE}{who}. Open the review again to see what is next.")
    if step.is_main and not step.review.is_open:
        raise NotYet(CLOSED)  # what runs beside the path (the family, the Commissioner's copy) can outlive it
    node = node_of(step)
    if step.review.is_suspended and not node.while_suspended:
        raise NotYet(SUSPENDED)
    return node


def _credited(credit: Credit, step: Step) -> Credit:
    return Credit(**(vars(credit) | {"step": step.pk}))


def _close(step: Step, credit: Credit) -> None:
    step.closed_at = step.done_at = clock.now()
    step.done_by, step.recorded_by, step.confirmed_by = credit.done_by, credit.recorded_by, credit.confirmed_by
    step.done_on, step.how, step.evidence = credit.done_on, credit.how, credit.evidence
    step.save(
        update_fields=["closed_at", "done_at", "done_by", "recorded_by", "confirmed_by", "done_on", "how", "evidence"]
    )


def move_on(review: Review) -> None:
    """Let the process go on where it waits for something that has now happened beside it."""
    for step in Step.objects.filter(review=review, waits=True).open().select_related("task"):
        node = node_of(step)
        if node.until(review):
            step.closed_at = clock.now()
            step.save(update_fields=["closed_at"])
            activation = node.activation_class(step.task)
            activation.run(None)
            activation.execute()


def settle(review: Review, *, by: Any) -> None:
    """Make the review's stage the earliest with an open main task; with none left, the review has come to its end."""
    open_stages = set(Step.objects.filter(review=review).open().main().values_list("stage", flat=True))
    if open_stages:
        stages.enter_stage(review, min(open_stages, key=STAGES.index), by=by)
    elif review.is_open:
        end = Task.objects.filter(process__reviewprocess__review=review, flow_task_type="END", status="DONE")
        names = [task.flow_task.name for task in end.order_by("-pk")]
        ending = next((ENDINGS[name] for name in names if name in ENDINGS), None)
        if ending is not None:
            stages.end_review(review, ending, by=by)


def holders_of(step: Step) -> list[Any]:
    """Whom a step waits for: its owner, or everybody whose role on the review may do it."""
    if step.owner is not None:
        return [step.owner]
    node = node_of(step)
    if step.subject is not None:
        return grants.holders(node.subject_of(process_of(step)), node.permission)
    roles = [role for role, given in ON_REVIEW.items() if node.permission in given]
    return memberships.holders(step.review, *roles)


def tell_holders(review: Review, opened: Iterable[Step], *, by: Any) -> None:
    """A notice to everybody for whom a task has just opened, with a link to that task."""
    for step in opened:
        waiting = [] if step.waits else [person for person in holders_of(step) if person != by]
        if waiting:
            notices.send("task_waiting", to=waiting, reference=review.reference, link=f"/tasks/{step.pk}/")


@use_case(None)
def reassign(step: Step, *, by: Any, to: Any, reason: str) -> None:
    """Say whose task it is. They must be able to do it; others with the role still can."""
    if not by.has_perm(RECORD, step.review) and step.owner != by:
        raise Refused(
            "Only the review's officer, or whose task it is, can give it to somebody else.", needs=RECORD, subject=step
        )
    node = check_open(step)
    forget(to)
    if not to.has_perm(node.permission, node.subject_of(process_of(step))):
        raise NotYet(f"{to.name} does not have the role this task needs. Add them under People and access first.")
    step.owner = to
    step.save(update_fields=["owner"])
    keep_reason(step.review, Turn.REASSIGNED, reason, by=by, task=step.pk, whom=to)
    record("review.reassigned", step, whom=to.pk, node=step.node)
    notices.send("reassigned", to=[to], reference=step.review.reference, link=f"/tasks/{step.pk}/")


def may_do(person: Any, step: Step) -> bool:
    """Whether this person could do this step themself (not whether it can be done now)."""
    node = node_of(step)
    return bool(person.has_perm(node.permission, node.subject_of(process_of(step))))


def why_not_now(step: Step) -> str:
    """The sentence that says what unlocks a step that has to wait, or nothing."""
    node = node_of(step)
    if step.review.is_suspended and not node.while_suspended:
        return SUSPENDED
    return node.waits_for(step.review) if node.waits_for else ""


def start_review(review: Review) -> None:
    """Set a new review on its path, inside the use case that recorded the notification."""
    if not ReviewProcess.objects.filter(review=review, flow_class=ReviewFlow).exists():
        ReviewFlow.start.run(review=review)


@use_case("reviews.suspend_review")
def cancel_review(review: Review, *, by: Any, reason: str) -> None:
    """Stop the review for good: a mistake, say. Every open task is withdrawn; papers and log stay."""
    if not review.is_open:
        raise NotYet(CLOSED)
    if not reason.strip():
        raise NotYet("Give the reason for cancelling the review.")
    Cancellation(review=review, reason=reason, **own(by).of_fact()).save()
    for process in ReviewProcess.objects.filter(review=review, finished__isnull=True):
        withdraw(process)
    stages.end_review(review, Ending.CANCELLED, by=by)
