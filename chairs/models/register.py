"""The register of independent chairs and report authors. Their names stand in clear: they are named professionals."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock
from restricted_docs.fields import SealedTextField
from restricted_docs.strongroom import CHAIRS_REGISTER

from ..querysets import RegisterQuerySet
from ..vocabulary import PipelineStage, Service, Source, Specialism, Training


class ChairProfile(models.Model):
    """One person on the register. How to reach them, where they worked and what is noted of them is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey("accounts.Partnership", on_delete=models.PROTECT, related_name="chairs")
    name = models.CharField(max_length=120)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="register_entries"
    )
    services = models.CharField(max_length=10, choices=Service, default=Service.CHAIR)
    stage = models.CharField(max_length=30, choices=PipelineStage, default=PipelineStage.PROSPECT)
    region = models.CharField(max_length=80, blank=True)
    specialisms = models.JSONField(default=list, blank=True, help_text="Codes of Specialism.")
    training = models.JSONField(default=dict, blank=True, help_text="Codes of Training, each with the day it was done.")
    max_live = models.PositiveSmallIntegerField(
        default=2, help_text="How many reviews at once they are willing to take."
    )
    source = models.CharField(max_length=20, choices=Source, default=Source.OTHER)
    day_rate = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True, help_text="Pounds a day.")
    review_on = models.DateField(null=True, blank=True, help_text="When this entry is looked at again.")
    contact = SealedTextField(container=CHAIRS_REGISTER)
    employment_history = SealedTextField(container=CHAIRS_REGISTER)
    notes = SealedTextField(container=CHAIRS_REGISTER)
    registered_at = models.DateTimeField(default=clock.now)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        permissions = [
            ("view_register", "Can see the register of chairs"),
            ("manage_register", "Can change the register of chairs"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_register_entry_per_account", fields=["user"]),
            models.CheckConstraint(
                name="a_day_rate_is_not_negative", condition=Q(day_rate__isnull=True) | Q(day_rate__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"Register entry {str(self.pk)[:8]}"

    @property
    def specialism_names(self) -> list[str]:
        return [str(Specialism(code).label) for code in self.specialisms]

    @property
    def courses(self) -> list[tuple[str, date]]:
        """Each course done, by name, with its day."""
        return [(str(Training(code).label), date.fromisoformat(day)) for code, day in self.training.items()]

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("chair", self.pk)

    def take_lock(self) -> None:
        self.refresh_from_db(from_queryset=ChairProfile.objects.select_for_update())

    def logged_as(self) -> dict[str, Any]:
        return {"object": "chair", "object_id": str(self.pk)}
