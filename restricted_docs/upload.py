"""An upload goes from the socket into the sealer, a mebibyte at a time: nothing of it is ever on disk in clear.

A view says first where the file will belong (`prepare`), before anything reads the form. A file that no view has asked for
is refused unread. What is wrong with a file is found out here and told by the form's field, so that the rest of the form
arrives all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, UnreadablePostError

from .models import Document
from .models.blobs import place_of
from .taking import Place, RefusedUpload, SealedUpload, Taking, is_kept
from .vault.fingerprint import BATCH_BYTES

__all__ = ["RefusedUpload", "SealedUpload", "SealingUploadHandler", "is_kept", "places", "prepare", "take_in"]


class SealingUploadHandler(FileUploadHandler):
    """The service's only upload handler. Made by the settings it has no place to seal to, and refuses; `prepare` gives it one."""

    # Django's own 64 KiB would have a long paper received, looked through and sealed in small change.
    chunk_size = BATCH_BYTES

    def __init__(self, request: HttpRequest | None = None, *, places: Iterator[Place] | None = None) -> None:
        super().__init__(request)
        self.places = places
        self.taking: Taking | None = None

    def abandon(self) -> None:
        """Leave nothing of a file that has not arrived whole. Django closes those that have, with the form or the request."""
        if self.taking is not None:
            self.taking.refuse("The file did not arrive whole. Send it again.")
            self.taking = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **options: Any) -> None:
        super().new_file(field_name, file_name, *args, **options)
        if self.places is None:
            self.request.upload_refused = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=True)
        self.taking = Taking(next(self.places, None), file_name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.taking is not None:
            self.taking.add(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload | RefusedUpload | None:
        if self.taking is None:
            return None
        upload, self.taking = self.taking.finish(), None
        return upload

    def upload_interrupted(self) -> None:
        self.abandon()


def prepare(request: HttpRequest, review: Any, *, document: Document | None = None) -> None:
    """Say where the files of this request belong: to new documents of the review, or as the next version of `document`.

    Call it before anything reads request.POST, after the permission was asked. A form that does not arrive whole raises
    UnreadablePostError, and nothing of it is kept.
    """
    request.read = _whole(request)  # type: ignore[method-assign]
    request.upload_handlers = [SealingUploadHandler(request, places=places(review, document))]


def _whole(request: HttpRequest) -> Callable[..., bytes]:
    """Django takes a connection that ended early for the end of the form; this does not."""
    read, left = request.read, int(request.META.get("CONTENT_LENGTH") or 0)

    def read_on(*args: Any) -> bytes:
        nonlocal left
        chunk = read(*args)
        left -= len(chunk)
        if not chunk and left > 0 and (not args or args[0] != 0):
            raise UnreadablePostError("The connection ended before the whole form had arrived.")
        return chunk

    return read_on


def places(review: Any, document: Document | None = None) -> Iterator[Place]:
    """Where the next files go: one of them to `document`, as its next version, or each to a new document of the review."""
    if document is not None:
        yield Place(place_of(review.pk, document.pk, document.next_number()), review.logged_as())
        return
    while True:
        yield Place(place_of(review.pk, uuid4(), 1), review.logged_as())


def take_in(
    review: Any, name: str, content: bytes | Iterable[bytes], *, document: Document | None = None
) -> SealedUpload:
    """Seal a file that comes from elsewhere than a form: an API, the demo. The same rules; raises ValidationError."""
    taking = Taking(next(places(review, document)), name)
    for chunk in [content] if isinstance(content, bytes) else content:
        taking.add(chunk)
    upload = taking.finish()
    if isinstance(upload, RefusedUpload):
        raise ValidationError({"file": upload.sentence})
    return upload
