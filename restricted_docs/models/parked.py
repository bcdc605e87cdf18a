"""An upload that was sealed while the rest of its form was not right: kept a day, so that nobody has to send it twice."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from dhr import clock

from ..vault.documents import DocumentContext
from .blobs import HoldsBlob, place_of

KEPT_FOR = timedelta(hours=24)


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
