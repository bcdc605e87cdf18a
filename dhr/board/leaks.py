"""Public wording of an item about a review must name nobody: neither the people it is about, nor those who take part in it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from dhr.accounts.models import User
from dhr.govuk.wording import NAMES
from dhr.reviews.identities import names_in, words_of


def check_wording(review: Any, field: str, text: str, *, names_checked: bool) -> None:
    """Raise ValidationError (code "names") if a public text seems to name somebody, unless a person has checked it."""
    if review is None or names_checked:
        return
    found = [
        *names_in(review, text),
        *(["Somebody who takes part in the review"] if _names_a_member(review, text) else []),
    ]
    if found:
        sentence = (
            f"This may name: {', '.join(found).lower()}. It will be public. Change it, or confirm that it names nobody."
        )
        raise ValidationError({field: ValidationError(sentence, code=NAMES)})


def _names_a_member(review: Any, text: str) -> bool:
    """Chairs and other members: their whole name stands in the text."""
    words = words_of(text)
    members = User.objects.filter(memberships__review=review).distinct().values_list("name", flat=True)
    return any(parts and parts <= words for parts in map(words_of, members))
