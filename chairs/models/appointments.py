"""Appointments: somebody is asked to chair a review, or to write its report. Access follows only from the declaration."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock
from dhr.access.grants import Grant
from dhr.reviews.models.review import OfReview
from dhr.reviews.vocabulary import Means
from restricted_docs.fields import SealedTextField

from ..querysets import AppointmentQuerySet
from ..vocabulary import AppointedAs
from .register import ChairProfile


class Appointment(OfReview):
    """One person appointed to one role on one review.

    It gives nothing but the right to declare independence. The declaration (2016 statutory guidance, on the independence of
    the chair) gives the membership; standing down ends it. `reason` says why they stood down.
    """

    chair = models.ForeignKey(ChairProfile, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=20, choices=AppointedAs)
    appointed_on = models.DateField(default=clock.today)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    step = models.BigIntegerField(
        null=True, blank=True, db_index=True, help_text="The task whose completion recorded it."
    )
    fee = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, blank=True, help_text="Pounds for the whole review."
    )
    declared_on = models.DateField(null=True, blank=True)
    declaration_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    declared_how = models.CharField(max_length=10, choices=Means, blank=True)
    evidence = models.UUIDField(null=True, blank=True, help_text="The filed paper that shows the declaration.")
    statement = SealedTextField(container="review_id")
    associated_with = SealedTextField(container="review_id")
    stood_down_on = models.DateField(null=True, blank=True)
    stood_down_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = SealedTextField(container="review_id")

    objects = AppointmentQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["appointed_on", "role"]
        permissions = [("declare_independence", "Can declare their independence for an appointment")]
        constraints = [
            models.UniqueConstraint(
                name="one_standing_lead_chair_per_review",
                fields=["review"],
                condition=Q(role="lead_chair", stood_down_on__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_standing_appointment_per_person_and_review",
                fields=["review", "user"],
                condition=Q(stood_down_on__isnull=True),
            ),
            models.CheckConstraint(
                name="a_declaration_has_its_day_and_who_recorded_it",
                condition=Q(declared_on__isnull=True, declaration_recorded_by__isnull=True)
                | Q(declared_on__isnull=False, declaration_recorded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="standing_down_has_its_day_and_who_recorded_it",
                condition=Q(stood_down_on__isnull=True, stood_down_by__isnull=True)
                | Q(stood_down_on__isnull=False, stood_down_by__isnull=False),
            ),
        ]

    @property
    def is_standing(self) -> bool:
        return self.stood_down_on is None

    @property
    def is_declared(self) -> bool:
        return self.declared_on is not None


class AppointmentGrant(Grant):
    """One permission of one person on one appointment, from the appointment itself."""

    content_object = models.ForeignKey(Appointment, on_delete=models.CASCADE)
