"""The same step in bare viewflow: stock nodes, stock lock, guardian's own check of a permission on the object."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.lock import SelectForUpdateLock

from .models import BareCase, BareProcess, BareTask


def case_of(process: Any) -> BareCase:
    found: BareCase = process.coerced.case
    return found


class BareFlow(flow.Flow):
    """Two tasks after one another."""

    process_class = BareProcess
    task_class = BareTask
    lock_impl = SelectForUpdateLock()

    start = flow.StartHandle(this.begin).Next(this.first)
    first = flow.View(None).Permission("bare.do_case", obj=case_of).Next(this.second)
    second = flow.View(None).Permission("bare.do_case", obj=case_of).Next(this.end)
    end = flow.End()

    def begin(self, activation: Any, case: BareCase) -> BareProcess:
        activation.process.case = case
        return activation.process

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """Lists ask this of the whole flow: yes, so that the stock lists have something to show."""
        return True


def bare_step(task_pk: int, user: Any) -> None:
    """What viewflow's own pages do for one task, under its lock: take it, open it, finish it, each asked of the permission."""
    task = BareTask.objects.select_related("process").get(pk=task_pk)
    with task.activation() as activation:
        if not activation.assign.has_perm(user):
            raise PermissionError
        activation.assign(user)
        if not activation.start.has_perm(user):
            raise PermissionError
        activation.start(None)
        if not activation.execute.has_perm(user):
            raise PermissionError
        activation.execute()
