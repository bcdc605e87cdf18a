"""An agency request: returned by its author, signed by its senior officer. Any number run beside the main path."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow

from dhr.reviews import commissioning
from dhr.reviews.models import Commission
from dhr.reviews.vocabulary import CommissionState, Stage

from ..nodes import StepNode
from .base import ReviewFlowBase


def commission_of(process: Any) -> Commission:
    return Commission.objects.select_related("review", "agency").get(pk=process.subject)


def undo_return(process: Any, step: Any) -> None:
    commissioning.reopen_return(commission_of(process))


class CommissionFlow(ReviewFlowBase):
    """Agency request"""

    start = flow.StartHandle(this.begin).Next(this.return_account)
    return_account = StepNode(
        title="Return the agency's account",
        stage=Stage.PANEL,
        does=commissioning.return_commission,
        undo=undo_return,
        main=False,
        due="commission",
        while_suspended=True,
        subject=commission_of,
    ).Next(this.is_there_anything_to_sign)
    is_there_anything_to_sign = (
        flow.If(lambda act: commission_of(act.process).state == CommissionState.RETURNED)
        .Then(this.sign_account)
        .Else(this.settled)
    )
    sign_account = StepNode(
        title="Sign the agency's account",
        stage=Stage.PANEL,
        does=commissioning.sign_commission,
        undo=undo_return,
        main=False,
        due="declaration",
        while_suspended=True,
        subject=commission_of,
    ).Next(this.settled)
    settled = flow.End()
