"""The nodes of our flows: a task for a person, a place where the process waits by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.handle import HandleActivation
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.status import STATUS

from dhr import clock
from dhr.reviews.law.deadlines import due_on
from dhr.reviews.vocabulary import Stage

from .models import Step


@dataclass(frozen=True)
class NoUndo:
    """Why a step cannot be taken back inside this service."""

    why: str


def _card(node: Any, activation: Activation, *, waits: bool) -> None:
    """The Step beside a new task: what lists and the stage are read from."""
    process = activation.process
    step = Step.objects.create(
        task=activation.task,
        review=process.review,
        flow=node.flow_class.__name__,
        node=node.name,
        stage=node.stage,
        is_main=node.is_main,
        waits=waits,
        subject=process.subject,
        opened_on=clock.today(),
        due_on=node.due(process),
    )
    process.opened.append(step)


def _create_task(cls: Any, node: Any, previous: Activation, token: Any, data: Any, *, waits: bool) -> Activation:
    # viewflow's own create stores a snapshot of a permission on the task; ours is asked of the node, afresh each time.
    task = node.flow_class.task_class(process=previous.process, flow_task=node, token=token, data=data or {})
    task.save()
    task.previous.add(previous.task)
    activation: Activation = cls(task)
    _card(node, activation, waits=waits)
    return activation


class StepActivation(ViewActivation):
    """A person's task. It is done through workflows.engine.complete, which asks who and when."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Activation:
        return _create_task(cls, flow_task, prev_activation, token, data, waits=False)

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED], target=STATUS.DONE)
    def finish(self, by: Any) -> None:
        """Done, in one move and one write: the permission was asked before."""
        moment = clock.now()
        self.task.owner, self.task.started, self.task.finished = by, moment, moment
        self.task.save(update_fields=["status", "owner", "started", "finished"])

    def prepare_revived_task(self, task: Any) -> None:
        """A revived task belongs to nobody and asks its node's permission like any other: nothing to copy."""


class StepNode(flow.View):
    """A task for a person. Refuses to exist without a stage, a permission, a use case and a word about undoing."""

    activation_class = StepActivation

    def __init__(
        self,
        *,
        title: str,
        stage: str,
        does: Callable[..., Any],
        undo: Callable[[Any, Any], None] | NoUndo | None = None,
        main: bool = True,
        due: str = "",
        due_from: Callable[[Any], date] | None = None,
        waits_for: Callable[[Any], str] | None = None,
        after: Callable[..., None] | None = None,
        while_suspended: bool = False,
        subject: Callable[[Any], Any] | None = None,
        hint: str = "",
        permission: str = "",
    ) -> None:
        """`does` is the step's use case; its `.permission` is the node's, unless `permission` says another.

        `due` is a rule of law.deadlines, counted from `due_from(process)` or today; `waits_for(review)` a sentence while the
        step must wait; `after` opens side tasks; `hint` is shown above the form.
        """
        super().__init__(None)
        self.task_title, self.stage, self.does, self.undoing = title, stage, does, undo
        self.is_main, self.due_rule, self.due_from = main, due, due_from
        self.waits_for, self.after, self.while_suspended = waits_for, after, while_suspended
        self.find_subject, self.hint = subject, hint
        self.permission = permission or str(getattr(does, "permission", None) or "")

    def _ready(self) -> None:
        super()._ready()
        if not self.permission or self.stage not in Stage.values:
            raise ImproperlyConfigured(
                f"{self.flow_class}.{self.name}: a step needs a stage and a use case with a permission."
            )

    @property
    def weighty(self) -> bool:
        return bool(getattr(self.does, "weighty", False))

    def open_again(self, previous: Activation, token: Any) -> Activation:
        """A fresh task of this node in the same place of the flow, after the one there was undone."""
        return self._create(previous, token)

    def subject_of(self, process: Any) -> Any:
        """What the step is about: the review, or the agency request or appointment its process names."""
        return self.find_subject(process) if self.find_subject else process.review

    def due(self, process: Any) -> date | None:
        if not self.due_rule:
            return None
        return due_on(self.due_rule, self.due_from(process) if self.due_from else clock.today())


class WaitActivation(HandleActivation):
    """A place where the process waits for something outside it."""

    @classmethod
    def create(cls, flow_task: Any, prev_activation: Any, token: Any, data: Any = None, seed: Any = None) -> Activation:
        return _create_task(cls, flow_task, prev_activation, token, data, waits=True)


class WaitNode(flow.Handle):
    """The process waits here until the engine moves it on: chairs declaring their independence, say."""

    activation_class = WaitActivation

    def __init__(
        self, *, title: str, stage: str, until: Callable[[Any], bool], main: bool = True, due: str = ""
    ) -> None:
        """`until(review)` says whether the wait is over; the engine asks it when something beside the main path was done."""
        super().__init__(None)
        self.task_title, self.stage, self.until, self.is_main, self.due_rule = title, stage, until, main, due

    def due(self, process: Any) -> date | None:
        return due_on(self.due_rule, clock.today()) if self.due_rule else None
