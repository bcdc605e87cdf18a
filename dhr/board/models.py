"""Meetings of the board. Everything here is as public as an agenda: no free text about people, only titles and codes."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dhr import clock

from .querysets import MeetingQuerySet, ReaderQuerySet
from .vocabulary import ItemKind, ResolutionKind


class BoardMeeting(models.Model):
    """One meeting of the partnership's board, held somewhere or remotely."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey("accounts.Partnership", on_delete=models.PROTECT, related_name="meetings")
    on = models.DateField()
    at = models.TimeField()
    venue = models.CharField(max_length=120)
    remote = models.BooleanField(default=False)
    agenda_issued_on = models.DateField(null=True, blank=True)
    minutes_confirmed_on = models.DateField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-on", "-at"]
        permissions = [
            ("view_summary", "Can see the board's summary and its meetings"),
            ("manage_meeting", "Can keep the board's meetings and agendas"),
        ]
        constraints = [
            models.UniqueConstraint(name="one_meeting_of_the_board_at_a_time", fields=["partnership", "on", "at"]),
        ]

    def __str__(self) -> str:
        return f"Meeting of {self.on:%-d %B %Y}"

    @property
    def is_issued(self) -> bool:
        return self.agenda_issued_on is not None

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("meeting", self.pk)

    def take_lock(self) -> None:
        self.refresh_from_db(from_queryset=BoardMeeting.objects.select_for_update())

    def logged_as(self) -> dict[str, Any]:
        return {"object": "meeting", "object_id": str(self.pk)}


class AgendaItem(models.Model):
    """One item of an agenda. Its title is public. `presented_by` names a role ("Joint chairs"), never a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(BoardMeeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=15, choices=ItemKind, default=ItemKind.REPORT)
    presented_by = models.CharField(max_length=80, blank=True)
    review = models.ForeignKey(
        "reviews.Review", on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    paper = models.UUIDField(null=True, blank=True, help_text="The document put to the board under this item.")
    late = models.BooleanField(default=False, help_text="The report was to follow when the agenda was issued.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(name="one_agenda_item_per_number", fields=["meeting", "number"]),
            models.CheckConstraint(
                name="an_item_is_closed_at_and_by_both_or_neither",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_paper_belongs_to_an_item_about_a_review",
                condition=Q(paper__isnull=True) | Q(review__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Item {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def lock_key(self) -> tuple[str, object]:
        return ("item", self.pk)

    def take_lock(self) -> None:
        """The meeting first, then the review: the same order as when an agenda is issued."""
        self.meeting.take_lock()
        if self.review is not None:
            self.review.take_lock()
        self.refresh_from_db()

    def logged_as(self) -> dict[str, Any]:
        review = self.review.logged_as() if self.review else {}
        return review | {"object": "agenda_item", "object_id": str(self.pk)}


class PaperReader(models.Model):
    """A board member named for the one paper of an item. The membership follows when the agenda is issued."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=clock.now)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(
        "reviews.Membership", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReaderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["named_at"]
        constraints = [
            models.UniqueConstraint(
                name="a_member_is_named_once_for_an_item", fields=["item", "user"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"Reader of {self.item}"


class Resolution(models.Model):
    """What the board resolved on an item. Public. A further report names the meeting at which it is due."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="resolutions")
    text = models.CharField(max_length=1000)
    kind = models.CharField(max_length=20, choices=ResolutionKind)
    due_meeting = models.ForeignKey(
        BoardMeeting, on_delete=models.PROTECT, null=True, blank=True, related_name="reports_due"
    )
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="only_a_further_report_is_due_at_a_meeting",
                condition=Q(due_meeting__isnull=True) | Q(kind="further_report"),
            ),
        ]

    def __str__(self) -> str:
        return f"Resolution on {self.item}"
