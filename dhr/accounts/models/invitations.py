"""An invitation: the one-use link by which a person makes the account that somebody prepared for them their own."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from dhr import clock

from .people import User

VALID_FOR = timedelta(days=14)


def fingerprint(token: str) -> str:
    """What is kept of a link's secret: enough to recognise it, useless for signing in."""
    return hashlib.sha256(token.encode()).hexdigest()


def two_weeks_on() -> datetime:
    return clock.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> InvitationQuerySet:
        """Neither used nor withdrawn; it may have run out."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True)

    def usable(self) -> InvitationQuerySet:
        """What a link can still be used for today."""
        return self.unanswered().filter(expires_at__gt=clock.now())

    def with_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=fingerprint(token))


class Invitation(models.Model):
    """One link sent to one person. Only the SHA-256 of its secret is kept; sending again makes a new one."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(default=two_weeks_on)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    link = ""  # the address with the secret in it, only on the object that has just been made; never stored

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                name="a_person_has_one_unanswered_invitation",
                fields=["person"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="an_invitation_is_used_or_withdrawn_not_both",
                condition=Q(used_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="an_invitation_is_used_before_it_runs_out",
                condition=Q(used_at__isnull=True) | Q(used_at__lte=F("expires_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.invited_at:%d %B %Y}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at <= clock.now()
