"""Keeping an upload while its form is mended: nothing that was sent has to be sent again."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from uuid import UUID

from dhr import clock
from dhr.usecase import AlreadyDone

from .models import Document, ParkedUpload
from .models.blobs import columns_of
from .orphans import delete_blob
from .upload import SealedUpload, is_kept


def park(upload: SealedUpload, *, owner: Any, review: Any) -> ParkedUpload:
    """Keep this upload for a day; it can be taken up by its owner, for the same place only."""
    clear_stale()
    if upload.parked is None:
        upload.parked = ParkedUpload.objects.create(
            owner=owner,
            review=review,
            document=upload.context.document,
            number=upload.context.version,
            media_type=upload.media_type,
            parked_at=clock.now(),
            **columns_of(upload.blob),
        )
    return upload.parked


def may_wait(upload: SealedUpload, document: Document | None) -> bool:
    """Whether sending the form again could still file it: nobody has filed it, or another version in its place."""
    if document is not None:
        return upload.context.version == document.next_number()
    return not Document.objects.filter(pk=upload.context.document).exists()


def take_up(token: str, called: str, *, owner: Any, review: Any, document: Any = None) -> SealedUpload | None:
    """The upload that waits under this token, or None when it is not this person's, not for this place, or over a day old."""
    try:
        key = UUID(token)
    except ValueError:
        return None
    row = ParkedUpload.objects.fresh().filter(token=key, owner=owner, review=review).first()
    if row is None or row.document != (document.pk if document else row.document):
        return None
    upload = SealedUpload(row.context, row.blob, PurePath(called).name or "file", media_type=row.media_type)
    upload.parked = row
    return upload


def claim(upload: SealedUpload) -> None:
    """The upload becomes a version now, inside the use case in hand. Raises AlreadyDone when another click was first."""
    if upload.parked is not None and not ParkedUpload.objects.filter(pk=upload.parked.pk).delete()[0]:
        raise AlreadyDone("This file has been filed already. Look at the list of documents.")


def clear_stale() -> int:
    """Delete what nobody came back for within a day; answers how many."""
    stale = list(ParkedUpload.objects.stale())
    for row in stale:
        row.delete()
        if not is_kept(row.blob_name):
            delete_blob(row.blob_name)
    return len(stale)
