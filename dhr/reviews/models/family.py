"""The family: each relative with their own wishes. They have no accounts; the chair or the officer keeps in touch."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dhr import clock
from restricted_docs.fields import SealedTextField

from .review import OfReview


class Relative(OfReview):
    """Somebody the review keeps in touch with. Their real name is a SealedIdentity of kind family."""

    identity = models.OneToOneField("reviews.SealedIdentity", on_delete=models.PROTECT)
    wants_contact = models.BooleanField(null=True, help_text="Empty: not asked yet.")
    has_advocate = models.BooleanField(default=False)
    wishes = SealedTextField(container="review_id")
    contact_route = SealedTextField(container="review_id")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(OfReview.Meta):
        ordering = ["recorded_at"]

    @property
    def known_as(self) -> str:
        return self.identity.pseudonym or "Relative"


class ContactNote(OfReview):
    """One contact with a relative: when, by whom; what was said is sealed."""

    relative = models.ForeignKey(Relative, on_delete=models.PROTECT, related_name="notes")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note = SealedTextField(container="review_id")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta(OfReview.Meta):
        ordering = ["on", "recorded_at"]
