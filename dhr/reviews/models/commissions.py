"""Commissions: asking an agency for its account, and what it sends back."""

from __future__ import annotations

from django.db import models

from dhr import clock
from dhr.access.grants import Grant
from dhr.access.visible import VisibleQuerySet
from restricted_docs.fields import SealedTextField

from ..vocabulary import SETTLED, CommissionKind, CommissionState
from .review import OfReview


class CommissionQuerySet(VisibleQuerySet):
    def outstanding(self) -> CommissionQuerySet:
        """Neither returned and signed, nil, withdrawn, nor recorded as not engaging."""
        return self.exclude(state__in=SETTLED)

    def for_the_report(self) -> CommissionQuerySet:
        """Scoping answers the decision; the others feed the report, and board sign-off waits for them."""
        return self.exclude(kind=CommissionKind.SCOPING)


class Commission(OfReview):
    """A request to one agency. Sent from the decision on (scoping before), added late or withdrawn at any time."""

    agency = models.ForeignKey("reviews.Agency", on_delete=models.PROTECT, related_name="commissions")
    kind = models.CharField(max_length=14, choices=CommissionKind)
    state = models.CharField(max_length=14, choices=CommissionState, default=CommissionState.ASKED)
    asked_on = models.DateField(default=clock.today)
    due_on = models.DateField(null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    scope = SealedTextField(container="review_id")
    answer = SealedTextField(container="review_id")
    names_carried = models.ManyToManyField("reviews.SealedIdentity", blank=True)

    objects = CommissionQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["asked_on", "agency__name"]
        permissions = [
            ("view_commission", "Can see the agency request"),
            ("return_commission", "Can return the agency's account"),
            ("sign_commission", "Can sign the agency's account"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} - {self.agency}"

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED


class CommissionGrant(Grant):
    """One permission of one person on one commission."""

    content_object = models.ForeignKey(Commission, on_delete=models.CASCADE)
