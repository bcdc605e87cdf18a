"""Uploads that are not papers yet: sealed while the rest of their form was not right, or still on their way in parts.

Each is kept a day, so that nobody has to send it twice.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from dhr import clock

from ..vault.documents import DocumentContext
from .blobs import HoldsBlob, place_of

KEPT_FOR = timedelta(hours=24)


class ArrivingUploadQuerySet(models.QuerySet["ArrivingUpload"]):
    def fresh(self) -> ArrivingUploadQuerySet:
        return self.filter(begun_at__gt=clock.now() - KEPT_FOR)

    def stale(self) -> ArrivingUploadQuerySet:
        return self.filter(begun_at__lte=clock.now() - KEPT_FOR)

    def unfinished(self) -> ArrivingUploadQuerySet:
        return self.filter(finished_at__isnull=True)


class ParkedUploadQuerySet(models.QuerySet["ParkedUpload"]):
    def fresh(self) -> ParkedUploadQuerySet:
        return self.filter(parked_at__gt=clock.now() - KEPT_FOR)

    def stale(self) -> ParkedUploadQuerySet:
        return self.filter(parked_at__lte=clock.now() - KEPT_FOR)


class ParkedUpload(HoldsBlob):
    """One sealed file and the place it is sealed to. Its name is not kept: the form that waits still says it."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="+")
    document = models.UUIDField()
    number = models.PositiveIntegerField()
    parked_at = models.DateTimeField(default=clock.now)

    objects = ParkedUploadQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["parked_at"], name="parked_at")]

    def __str__(self) -> str:
        return f"upload waiting since {self.parked_at:%Y-%m-%d}"

    @property
    def context(self) -> DocumentContext:
        return place_of(self.review_id, self.document, self.number)


class ArrivingUpload(models.Model):
    """A file that comes in parts, and the place it will be sealed to. Of its name only the ending is kept.

    Once it is whole it waits as the ParkedUpload whose token is this key. `chain` is a keyed digest over its parts in
    their order: parts that somebody moved, changed or left out are not put together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="+")
    document = models.UUIDField()
    number = models.PositiveIntegerField()
    ending = models.CharField(max_length=10)
    length = models.BigIntegerField(help_text="Bytes that will come.")
    received = models.BigIntegerField(default=0, help_text="Bytes that are here.")
    chain = models.BinaryField(max_length=16, default=bytes)
    begun_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivingUploadQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["begun_at"], name="begun_at")]
        constraints = [
            models.CheckConstraint(
                name="an_upload_receives_no_more_than_it_said",
                condition=models.Q(received__gte=0, received__lte=models.F("length")),
            )
        ]

    def __str__(self) -> str:
        return f"upload begun on {self.begun_at:%Y-%m-%d}"

    @property
    def expires_at(self) -> datetime:
        return self.begun_at + KEPT_FOR

    @property
    def context(self) -> DocumentContext:
        """Where its parts are sealed to. The file that they become is sealed anew, to the place of its document."""
        return place_of(self.review_id, self.pk, 1)


class UploadPart(HoldsBlob):
    """One part of an upload on its way, under a data key of its own."""

    upload = models.ForeignKey(ArrivingUpload, on_delete=models.CASCADE, related_name="parts")
    review = models.ForeignKey("reviews.Review", on_delete=models.PROTECT, related_name="+")
    start = models.BigIntegerField(help_text="Its first byte's place in the file.")

    class Meta:
        default_permissions = ()
        ordering = ["start"]
        constraints = [models.UniqueConstraint(name="one_part_begins_at_a_place", fields=["upload", "start"])]

    def __str__(self) -> str:
        return f"part from byte {self.start}"

    @property
    def context(self) -> DocumentContext:
        return self.upload.context
