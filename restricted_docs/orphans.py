"""The files of sealed papers, apart from their keys, and deleting one that no row names: an upload whose step failed."""

from pathlib import Path

from django.conf import settings

from .vault.blobs import BlobFiles


def papers() -> BlobFiles:
    """The papers folder."""
    return BlobFiles(Path(settings.VAR) / "papers")


def delete_blob(blob_name: str) -> None:
    """Gone for good. Without its row the paper could not be opened any more; this frees the space. Harmless twice."""
    papers().delete(blob_name)
