"""The panel's agreement to a version of the report, and the checks on it. Both belong to one version."""

from __future__ import annotations

from django.db import models

from ..vocabulary import CheckKind, CheckResult
from .facts import Fact


class PanelAgreement(Fact):
    """The panel agreed a version, or sent it back (why: `reason`)."""

    document = models.UUIDField()
    version = models.PositiveIntegerField()
    agreed = models.BooleanField()
    dissent_noted = models.BooleanField(default=False)


class Check(Fact):
    """A check on one version. `lapsed_at` is set when a newer version made it necessary again."""

    kind = models.CharField(max_length=14, choices=CheckKind)
    document = models.UUIDField()
    version = models.PositiveIntegerField()
    result = models.CharField(max_length=14, choices=CheckResult)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["review", "kind"], name="check_kind")]


class SignOff(Fact):
    """The board's sign-off of a version, or its wish for changes (`reason`)."""

    document = models.UUIDField()
    version = models.PositiveIntegerField()
    signed_off = models.BooleanField()
    minute = models.CharField(max_length=60, blank=True, help_text="Reference of the minute, never its text.")
