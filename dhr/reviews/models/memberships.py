"""Memberships: a person's role on one review, with dates. Every grant comes from one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dhr import clock
from dhr.access.roles import ROLE_NAMES

from ..querysets import MembershipQuerySet
from .review import OfReview


class Membership(OfReview):
    """Who somebody is on this review, from when until when. Outside the dates it gives nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=list(ROLE_NAMES.items()))
    agency = models.ForeignKey("reviews.Agency", on_delete=models.PROTECT, null=True, blank=True)
    commission = models.ForeignKey("reviews.Commission", on_delete=models.PROTECT, null=True, blank=True)
    action = models.ForeignKey("reviews.Action", on_delete=models.PROTECT, null=True, blank=True)
    paper = models.UUIDField(null=True, blank=True, help_text="The one paper a named board member may open.")
    substitute_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    step = models.BigIntegerField(null=True, blank=True, help_text="The task that put them on the panel.")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(null=True, blank=True, help_text="The last day on which it counts.")
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Ended by somebody: it gives nothing from that moment."
    )

    objects = MembershipQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["starts_on", "role"]
        constraints = [
            models.CheckConstraint(
                name="a_membership_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")) | Q(ended_at__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["review", "role"], name="membership_role")]
