"""Real names. Each is sealed on its own; revealing one is one line in the log, each time."""

from __future__ import annotations

from django.db import models

from dhr import clock
from restricted_docs.fields import SealedTextField
from restricted_docs.vault.receipt import Scope

from ..vocabulary import IdentityKind
from .review import OfReview


class SealedIdentity(OfReview):
    """A real person behind a pseudonym. `marks` are keyed hashes of the words of the name, so that a text can be
    checked for the name without opening it (a mark cannot be turned back, and differs for each review)."""

    kind = models.CharField(max_length=10, choices=IdentityKind)
    pseudonym = models.CharField(max_length=60, blank=True)
    name = SealedTextField(container="review_id", scope=Scope.IDENTITY)
    date_of_birth = SealedTextField(container="review_id", scope=Scope.IDENTITY)
    marks = models.JSONField(default=list)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(OfReview.Meta):
        ordering = ["recorded_at"]
