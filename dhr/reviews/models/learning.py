"""Early learning: what cannot wait for the report."""

from __future__ import annotations

from restricted_docs.fields import SealedTextField

from .facts import Fact


class EarlyLearning(Fact):
    """Learning recorded before the report, from scoping on; its actions begin at once."""

    learning = SealedTextField(container="review_id")
