"""The copy for the Domestic Abuse Commissioner (2004 Act s.9(3B)): a duty of its own, beside publication."""

from __future__ import annotations

from viewflow import this
from viewflow.workflow import flow

from dhr.reviews import publishing
from dhr.reviews.vocabulary import Stage

from ..nodes import NoUndo, StepNode
from .base import ReviewFlowBase


class CommissionersCopyFlow(ReviewFlowBase):
    """The Commissioner's copy"""

    start = flow.StartHandle(this.begin).Next(this.send_commissioners_copy)
    send_commissioners_copy = StepNode(
        title="Send the Commissioner's copy",
        stage=Stage.HOME_OFFICE,
        does=publishing.send_commissioners_copy,
        undo=NoUndo("The copy has been sent. Correct the record instead."),
        main=False,
        due="commissioners_copy",
        while_suspended=True,
    ).Next(this.copy_sent)
    copy_sent = flow.End()
