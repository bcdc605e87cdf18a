"""A document of a review and its versions. The title stands in clear (lists need it); the paper and its file name do not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Max, Q

from dhr import clock
from dhr.access.grants import Grant
from dhr.reviews.models.review import OfReview

from ..fields import SealedTextField
from ..querysets import DocumentQuerySet, VersionQuerySet
from ..vault.documents import DocumentContext
from ..vocabulary import Audience, DocumentKind, Marking, Scan
from .blobs import HoldsBlob, place_of

PERSON = settings.AUTH_USER_MODEL


class Document(OfReview):
    """A paper of a review, sealed whether restricted or not. `released_*`: a chair put it before the panel."""

    kind = models.CharField(max_length=30, choices=DocumentKind)
    title = models.CharField(max_length=150, help_text="In clear: checked against the review's sealed names.")
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.OFFICERS_AND_CHAIRS)
    marking = models.CharField(max_length=20, choices=Marking, default=Marking.OFFICIAL_SENSITIVE)
    commission = models.ForeignKey(
        "reviews.Commission", on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    named: models.ManyToManyField[Any, Any] = models.ManyToManyField(PERSON, blank=True, related_name="+")
    filed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=clock.now)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, related_name="+")
    released_version = models.PositiveIntegerField(null=True, help_text="The last version that the panel may open.")

    objects = DocumentQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["-filed_at"]
        permissions = [
            ("view_document", "Can open the document"),
            ("download_document", "Can download the document"),
            ("file_document", "Can file documents on the review"),
            ("propose_restriction", "Can propose to restrict a document of the review"),
            ("decide_restriction", "Can decide restrictions"),
            ("erase_review", "Can order, with a second person, that a review be erased"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_document_is_released_by_somebody_with_a_version",
                condition=Q(released_at__isnull=True, released_by__isnull=True, released_version__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, released_version__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_document_for_the_panel_is_released",
                condition=Q(released_at__isnull=True) | Q(audience="panel"),
            ),
        ]
        indexes = [models.Index(fields=["review", "kind"], name="document_kind")]

    @property
    def is_released(self) -> bool:
        return self.released_at is not None

    def next_number(self) -> int:
        """The number that the next version gets. Certain only under the review's lock."""
        return (self.versions.aggregate(last=Max("number"))["last"] or 0) + 1

    def logged_as(self) -> dict[str, Any]:
        return self.review.logged_as() | {"object": "document", "object_id": str(self.pk)}


class DocumentGrant(Grant):
    """One permission of one person on one document, from one membership or from a proposal to restrict it."""

    content_object = models.ForeignKey(Document, on_delete=models.CASCADE)


class DocumentVersion(OfReview, HoldsBlob):
    """One sealed version. Versions are added, never replaced."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    file_name = SealedTextField(container="review_id")
    uploaded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    sha256 = SealedTextField(
        container="review_id", help_text="Of the file as it was sent, in hex; for its sender's receipt."
    )
    scan = models.CharField(max_length=20, choices=Scan, default=Scan.NOT_ASKED)
    scanned_at = models.DateTimeField(null=True, blank=True, help_text="When the scanner last gave a verdict.")

    objects = VersionQuerySet.as_manager()

    class Meta(OfReview.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="one_version_per_number", fields=["document", "number"]),
            models.CheckConstraint(
                name="a_verdict_of_the_scanner_has_its_moment",
                condition=Q(scan__in=["not_asked", "waiting"], scanned_at__isnull=True)
                | Q(scan__in=["clean", "infected"], scanned_at__isnull=False),
            ),
        ]

    @property
    def is_quarantined(self) -> bool:
        """Nobody may open it: the scanner has not said that it is clean, or has said that it is not."""
        return self.scan in {Scan.WAITING, Scan.INFECTED}

    @property
    def context(self) -> DocumentContext:
        return place_of(self.review_id, self.document_id, self.number)

    def logged_as(self) -> dict[str, Any]:
        return self.document.logged_as()
