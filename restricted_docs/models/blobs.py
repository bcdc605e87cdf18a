"""What a row remembers of a sealed paper: the columns of a SealedBlob."""

from __future__ import annotations

from typing import Any

from django.db import models

from ..kinds.findings import Finding
from ..vault.documents import DocumentContext, Kind, SealedBlob
from ..vault.errors import ROW_CHANGED, Damaged

BYTES = (bytes, memoryview)
CODES = tuple(Finding)


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
        """Raises Damaged where a column holds what the vault never gave: SQLite keeps anything in any column."""
        return SealedBlob(
            algorithm=_only(str, self.algorithm),
            key_id=_only(str, self.key_id),
            wrapped_key=bytes(_only(BYTES, self.wrapped_key)),
            blob_name=_only(str, self.blob_name),
            header_sha256=bytes(_only(BYTES, self.header_sha256)),
            sealed_size=_only(int, self.sealed_size),
            size=_only(int, self.size),
            fingerprint=bytes(_only(BYTES, self.fingerprint)),
        )

    @property
    def found(self) -> list[str]:
        """Codes of what is in it. Raises Damaged where something else stands there."""
        if any(code not in CODES for code in _only(list, self.findings)):
            raise Damaged(ROW_CHANGED)
        return list(self.findings)


def _only(kind: type | tuple[type, ...], value: Any) -> Any:
    if not isinstance(value, kind):
        raise Damaged(ROW_CHANGED)
    return value


def columns_of(blob: SealedBlob) -> dict[str, Any]:
    """The columns that hold this blob."""
    return vars(blob).copy()


def place_of(review_id: Any, document_id: Any, number: int) -> DocumentContext:
    """Where an original is sealed to: it opens nowhere else."""
    return DocumentContext(container=review_id, document=document_id, version=number, kind=Kind.ORIGINAL)
