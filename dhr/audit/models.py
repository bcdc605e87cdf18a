"""The tables of the access log. Triggers keep them append-only; people are numbers, so that nothing cascades here."""

import json
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.db import models

from .entry_bytes import entry_bytes
from .merkle import EMPTY_ROOT, HASH_BYTES, Frontier, leaf_hash
from .reading import EPOCH, EntryQuerySet

THE_HEAD = 1
# How the canonical details, which have no spaces, say that somebody typed it in for another person.
SAYS_FOR_ANOTHER = '"recorded_for_another":1'
# Each gives out a paper or a name: what "many in a short time" counts (questions/bulk.py and its index).
OPENINGS = ("document.opened", "document.downloaded", "identity.revealed")


class AuditEntry(models.Model):
    """One line of the access log: its number, its moment (microseconds UTC), its fact, and the hash that proves them.

    `person` and `on_behalf_of` are account numbers and no foreign keys. `details` is the canonical text that is hashed.
    """

    seq = models.BigIntegerField(primary_key=True)
    at_us = models.BigIntegerField()
    event = models.CharField(max_length=60)
    person = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    review = models.UUIDField(null=True)
    reference = models.CharField(max_length=80, blank=True)
    object = models.CharField(max_length=80, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    version = models.IntegerField(null=True)
    details = models.TextField(default="{}")
    leaf = models.BinaryField(max_length=HASH_BYTES)

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        db_table = "audit_entry"
        indexes = (
            models.Index(fields=["review", "seq"], name="audit_of_review"),
            models.Index(fields=["person", "seq"], name="audit_by_person"),
            models.Index(fields=["event", "seq"], name="audit_of_event"),
            models.Index(fields=["object_id", "seq"], name="audit_about_object"),
            models.Index(fields=["reference", "seq"], name="audit_of_reference"),
            models.Index(
                fields=["on_behalf_of", "seq"],
                condition=models.Q(on_behalf_of__isnull=False),
                name="audit_for_another",
            ),
            models.Index(fields=["at_us", "seq"], name="audit_at"),
            models.Index(fields=["person", "review", "at_us"], name="audit_person_on_review_at"),
            models.Index(
                fields=["person", "at_us", "seq", "object_id"],
                condition=models.Q(event__in=OPENINGS),
                name="audit_openings",
            ),
            models.Index(
                fields=["seq"],
                condition=models.Q(on_behalf_of__isnull=False) | models.Q(details__contains=SAYS_FOR_ANOTHER),
                name="audit_recorded_for",
            ),
        )
        constraints = (models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_entries_count_from_one"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"

    @property
    def at(self) -> datetime:
        """The moment, aware, in UTC."""
        return (EPOCH + timedelta(microseconds=self.at_us)).astimezone(UTC)

    @property
    def facts(self) -> dict[str, str | int]:
        """The details as they were given."""
        facts: dict[str, str | int] = json.loads(self.details)
        return facts

    def computed_leaf(self) -> bytes:
        """The leaf hash of what the row says now. Raises TypeError when a column holds what it never could."""
        return leaf_hash(
            entry_bytes(
                seq=self.seq,
                at_us=self.at_us,
                event=self.event,
                person=self.person,
                on_behalf_of=self.on_behalf_of,
                review=self.review,
                reference=self.reference,
                object=self.object,
                object_id=self.object_id,
                version=self.version,
                details=self.details,
            )
        )


class LogHead(models.Model):
    """The one row that says how long the log is: locked by every append, last of all locks.

    `at_us` is the time of its last line, so that the next one is not before it; no proof rests on it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_HEAD)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"", blank=True)
    root = models.BinaryField(max_length=HASH_BYTES, default=EMPTY_ROOT)
    checkpoint = models.TextField(default="", blank=True)
    at_us = models.BigIntegerField(null=True)

    class Meta:
        db_table = "audit_head"
        constraints = (models.CheckConstraint(condition=models.Q(id=THE_HEAD), name="the_log_has_one_head"),)

    def __str__(self) -> str:
        return f"access log of {self.size} lines"

    def tree(self) -> Frontier:
        """Raises ValueError when the stored frontier cannot belong to a log of this size."""
        return Frontier(self.size, bytes(self.frontier))


class DailySighting(models.Model):
    """That this person has a line for viewing this review on this day, and which one."""

    person = models.BigIntegerField()
    review = models.UUIDField()
    event = models.CharField(max_length=60)
    day = models.DateField()
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, db_column="seq", related_name="+")

    class Meta:
        db_table = "audit_daily_sighting"
        constraints = (
            models.UniqueConstraint(
                fields=["person", "review", "event", "day"], name="one_line_per_person_review_and_day"
            ),
        )

    def __str__(self) -> str:
        return f"line {self.entry_id} on {self.day:%Y-%m-%d}"
