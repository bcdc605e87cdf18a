"""A notice: one message to one person that something waits for them: a reference and a link, never content."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Q

from dhr import clock

from .people import User

STILL_BEING_SENT = timedelta(minutes=5)  # younger than this, the request that made it may be sending it now


class NoticeKind(StrEnum):
    """What a notice can be about. Stored names: add, never rename."""

    TASK_WAITING = "task_waiting"
    APPOINTED = "appointed"
    COMMISSION_ASKED = "commission_asked"
    COMMISSION_RETURNED = "commission_returned"
    VERSION_ADDED = "version_added"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    STAGE_CHANGED = "stage_changed"
    RESTRICTION_TO_DECIDE = "restriction_to_decide"
    INVITATION = "invitation"
    REASSIGNED = "reassigned"
    MALWARE_FOUND = "malware_found"
    RECOVERY_KEY_USED = "recovery_key_used"


# The whole text of each kind: fixed, so that no writer can put case content into an e-mail.
SENTENCES: dict[str, str] = {
    NoticeKind.TASK_WAITING: "A task is waiting for you",
    NoticeKind.APPOINTED: "You have been given a part in a review",
    NoticeKind.COMMISSION_ASKED: "Your agency is asked for its account",
    NoticeKind.COMMISSION_RETURNED: "An agency has returned its account",
    NoticeKind.VERSION_ADDED: "A new version of a paper is there to read",
    NoticeKind.SUSPENDED: "The review is suspended",
    NoticeKind.RESUMED: "The review goes on again",
    NoticeKind.STAGE_CHANGED: "The review has moved to another stage",
    NoticeKind.RESTRICTION_TO_DECIDE: "A proposed restriction waits for your decision",
    NoticeKind.INVITATION: "You are invited to make your account",
    NoticeKind.REASSIGNED: "A task has been given to another person",
    NoticeKind.MALWARE_FOUND: "Malware was found in a file you sent. Nobody can open it",
    NoticeKind.RECOVERY_KEY_USED: "The recovery key was used. Look at the access log",
}
KIND_NAMES: dict[str, str] = {
    NoticeKind.TASK_WAITING: "Task waiting",
    NoticeKind.APPOINTED: "Appointed",
    NoticeKind.COMMISSION_ASKED: "Agency request",
    NoticeKind.COMMISSION_RETURNED: "Agency return",
    NoticeKind.VERSION_ADDED: "New version",
    NoticeKind.SUSPENDED: "Suspended",
    NoticeKind.RESUMED: "Resumed",
    NoticeKind.STAGE_CHANGED: "Stage changed",
    NoticeKind.RESTRICTION_TO_DECIDE: "Restriction to decide",
    NoticeKind.INVITATION: "Invitation",
    NoticeKind.REASSIGNED: "Task reassigned",
    NoticeKind.MALWARE_FOUND: "Malware found",
    NoticeKind.RECOVERY_KEY_USED: "Recovery key used",
}


class NoticeQuerySet(models.QuerySet["Notice"]):
    def sent(self) -> NoticeQuerySet:
        return self.filter(sent_at__isnull=False)

    def unsent(self) -> NoticeQuerySet:
        return self.filter(sent_at__isnull=True)

    def failed(self) -> NoticeQuerySet:
        """Tried, and refused by the mail server every time so far."""
        return self.unsent().filter(failed_at__isnull=False)

    def waiting(self) -> NoticeQuerySet:
        """Not tried yet."""
        return self.unsent().filter(failed_at__isnull=True)

    def to_try_again(self) -> NoticeQuerySet:
        """Failed, or left behind when a process ended. Not invitations: their links exist only in the first e-mail."""
        left_behind = Q(created_at__lt=clock.now() - STILL_BEING_SENT)
        return self.unsent().filter(Q(failed_at__isnull=False) | left_behind).exclude(kind=NoticeKind.INVITATION)


class Notice(models.Model):
    """One e-mail to one person: a fixed sentence, a public reference (DHR12) and a path within the service."""

    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30, choices=[(str(kind), name) for kind, name in KIND_NAMES.items()])
    reference = models.CharField(max_length=30, blank=True)
    link = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True, help_text="When it was last tried in vain.")
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(name="notices_not_sent", fields=["created_at"], condition=Q(sent_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="a_sent_notice_was_tried",
                condition=Q(sent_at__isnull=True) | Q(attempts__gte=1),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.sentence}" if self.reference else self.sentence

    @property
    def sentence(self) -> str:
        return SENTENCES[self.kind]

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[self.kind]
