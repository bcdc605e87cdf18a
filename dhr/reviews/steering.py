"""Keeping the reason for a change of course, sealed, beside what was done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from .models import Review, Steering
from .models.facts import own


def keep_reason(
    review: Review, turn: str, reason: str, *, by: Any, task: int | None = None, whom: Any = None
) -> Steering:
    """Keep why, inside the use case in hand. Raises ValidationError where no reason is given."""
    if not reason.strip():
        raise ValidationError({"reason": "Give the reason."})
    kept = Steering(review=review, turn=turn, reason=reason, task=task, whom=whom, **own(by).of_fact())
    kept.save()
    return kept
