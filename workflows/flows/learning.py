"""Early learning: opens with scoping, its actions begin at once, holds nothing back."""

from __future__ import annotations

from viewflow import this
from viewflow.workflow import flow

from dhr.reviews import learning
from dhr.reviews.vocabulary import Stage

from ..nodes import StepNode
from .base import ReviewFlowBase


class LearningFlow(ReviewFlowBase):
    """Early learning"""

    start = flow.StartHandle(this.begin).Next(this.share_early_learning)
    share_early_learning = StepNode(
        title="Record and share early learning",
        stage=Stage.NOTIFICATION,
        does=learning.share_early_learning,
        main=False,
        while_suspended=True,
        hint="Add learning under Details and its actions under Actions. Finish this when it has been shared, or there is none.",
    ).Next(this.learning_shared)
    learning_shared = flow.End()
