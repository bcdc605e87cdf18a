"""What a row remembers of a sealed paper: the columns of a SealedBlob."""

from __future__ import annotations

from typing import Any

from django.db import models

from ..vault.documents import DocumentContext, Kind, SealedBlob


class HoldsBlob(models.Model):
    """A row that names one sealed paper. Nothing here opens it."""

    algorithm = models.CharField(max_length=40)
    key_id = models.CharField(max_length=80)
    wrapped_key = models.BinaryField(max_length=100)
    blob_name = models.CharField(max_length=64, unique=True)
    header_sha256 = models.BinaryField(max_length=32)
    sealed_size = models.BigIntegerField()
    size = models.BigIntegerField(help_text="Bytes of the paper itself.")
    fingerprint = models.BinaryField(max_length=32)
    media_type = models.CharField(max_length=100)
    findings = models.JSONField(default=list, help_text="Codes of restricted_docs.kinds.findings.Finding.")

    class Meta:
        abstract = True

    @property
    def blob(self) -> SealedBlob:
        return SealedBlob(
            algorithm=self.algorithm,
            key_id=self.key_id,
            wrapped_key=bytes(self.wrapped_key),
            blob_name=self.blob_name,
            header_sha256=bytes(self.header_sha256),
            sealed_size=self.sealed_size,
            size=self.size,
            fingerprint=bytes(self.fingerprint),
        )


def columns_of(blob: SealedBlob) -> dict[str, Any]:
    """The columns that hold this blob."""
    return vars(blob).copy()


def place_of(review_id: Any, document_id: Any, number: int) -> DocumentContext:
    """Where an original is sealed to: it opens nowhere else."""
    return DocumentContext(container=review_id, document=document_id, version=number, kind=Kind.ORIGINAL)
