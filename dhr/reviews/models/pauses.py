"""Suspension: the review pauses, for a reason, and says what pauses with it. Cancellation: it stops for good."""

from __future__ import annotations

from django.db import models

from ..vocabulary import SuspensionReason
from .facts import Fact


class Suspension(Fact):
    """From `done_on` until `resumed_on`. Papers, contacts and requests can still be filed; main tasks wait."""

    code = models.CharField(max_length=24, choices=SuspensionReason)
    look_again_on = models.DateField(null=True, blank=True)
    resumed_on = models.DateField(null=True, blank=True)


class Cancellation(Fact):
    """The review was stopped for good, on `done_on`; why is its sealed `reason`."""
