"""Words about a review that stand in the clear: a name that is learned and sealed later may be standing in them already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from .identities import words_of
from .models import Review


@dataclass(frozen=True)
class Kept:
    """A field that holds such words, as `app.Model.field`. `what` is its name on a page, `of` the way from it to the review."""

    field: str
    what: str
    of: str = "review"


_KEPT: list[Kept] = [
    Kept("reviews.Review.pseudonym", "the pseudonym of the review", of="pk"),
    Kept("reviews.SealedIdentity.pseudonym", "the pseudonym of somebody else"),
    Kept("reviews.Action.monitored_by", "who monitors an action"),
    Kept("reviews.ReviewDecision.leading_review", "which other review leads"),
    Kept("reviews.SignOff.minute", "the minute of a sign-off"),
    Kept("reviews.Submission.address", "the address of a submission"),
    Kept("reviews.Publication.address", "the address of a publication"),
    Kept("reviews.CommissionersCopy.address", "the address of the Commissioner’s copy"),
]


def register(*more: Kept) -> None:
    """More of them, of a package above this one; in its AppConfig.ready."""
    _KEPT.extend(more)


def kept() -> tuple[Kept, ...]:
    """All of them."""
    return tuple(_KEPT)


def naming(review: Review, name: str) -> list[str]:
    """What of this review has a word of the name in it, as a page calls it."""
    words = words_of(name)
    return [each.what for each in _KEPT if any(words & words_of(text) for text in _texts(each, review))]


def warning(review: Review, name: str) -> str:
    """A sentence for whoever has just sealed this name, or "" where nothing has a word of it."""
    found = naming(review, name)
    if not found:
        return ""
    return f"A word of the name stands in the clear already, in {', and in '.join(found)}. Look there now, and take it out."


def _texts(each: Kept, review: Review) -> Any:
    model, _, field = each.field.rpartition(".")
    return apps.get_model(model).objects.filter(**{each.of: review.pk}).order_by().values_list(field, flat=True)
