"""Keeping in touch with the family: opens at the decision, runs past publication, holds nothing back."""

from __future__ import annotations

from viewflow import this
from viewflow.workflow import flow

from dhr.reviews import family
from dhr.reviews.vocabulary import Stage

from ..nodes import StepNode
from .base import ReviewFlowBase


class FamilyFlow(ReviewFlowBase):
    """Contact with the family"""

    start = flow.StartHandle(this.begin).Next(this.keep_in_touch)
    keep_in_touch = StepNode(
        title="Keep in touch with the family",
        stage=Stage.DECISION,
        does=family.end_family_contact,
        main=False,
        while_suspended=True,
        hint="Add relatives and record contacts under Details. Finish this only when contact has come to its end.",
    ).Next(this.contact_ended)
    contact_ended = flow.End()
