"""Deleting a sealed paper that no row names: a form that was not mended, an upload whose step failed."""

from pathlib import Path

from django.conf import settings

from .vault.blobs import BlobFiles


def delete_blob(blob_name: str) -> None:
    """Gone for good. Without its row the paper could not be opened any more; this frees the space. Harmless twice."""
    BlobFiles(Path(settings.VAR) / "papers").delete(blob_name)
