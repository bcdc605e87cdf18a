"""An upload goes from the socket into the sealer, 64 KiB at a time: nothing of it is ever on disk in clear.

A view says first where the file will belong (`prepare`), before anything reads the form. A file that no view has asked for
is refused unread. What is wrong with a file is found out here and told by the form's field, so that the rest of the form
arrives all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.db import DatabaseError
from django.http import HttpRequest, UnreadablePostError

from dhr.govuk.fields import size as size_in_words

from . import strongroom
from .models import Document, DocumentVersion, ParkedUpload
from .models.blobs import place_of
from .orphans import delete_blob
from .sniffing import SAMPLE_BYTES, FileType, WrongType, sniff
from .vault.documents import DocumentContext, DocumentSealer, SealedBlob
from .vault.errors import VaultError

EMPTY = "The file is empty. Choose another file."
NOT_STORED = (
    "The file could not be stored just now, so nothing of it was kept. "
    "Try again, and tell your administrator if it goes on."
)
ONE_AT_A_TIME = "Send one file at a time."
Given = TypeVar("Given")


class SealedUpload(UploadedFile):
    """A file that arrived and is sealed. Closing it (Django does, with the request) deletes it, unless a row names it by then."""

    def __init__(
        self, context: DocumentContext, blob: SealedBlob, name: str, *, media_type: str, head: bytes = b""
    ) -> None:
        super().__init__(file=None, name=name, content_type=media_type, size=blob.size)
        self.context, self.blob, self.media_type, self.head = context, blob, media_type, head
        self.parked: ParkedUpload | None = None

    def close(self) -> None:
        with suppress(DatabaseError):  # not known whether it is needed: better an orphan than a lost paper
            if not is_kept(self.blob.blob_name):
                delete_blob(self.blob.blob_name)


class RefusedUpload(UploadedFile):
    """A file that was not kept, and the sentence that says why."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(file=None, name=name, size=0)
        self.sentence = sentence

    def close(self) -> None:
        """There is nothing to close."""


def is_kept(blob_name: str) -> bool:
    """Whether a version or a waiting form still needs this sealed paper."""
    rows = (DocumentVersion.objects, ParkedUpload.objects)
    return any(row.filter(blob_name=blob_name).exists() for row in rows)


class Taking:
    """One file on its way in. `finish` gives what became of it."""

    def __init__(self, context: DocumentContext | None, name: str) -> None:
        self.context, self.name = context, name
        self.problem = "" if context else ONE_AT_A_TIME
        self.size = 0
        self._head = self._tail = b""
        self._sealer: DocumentSealer | None = None
        if context is not None:
            self._sealer = self._guarded(partial(strongroom.vault().seal_document, context))

    def add(self, chunk: bytes) -> None:
        """The next bytes. After a problem they are only counted: the form's other answers come behind them."""
        self.size += len(chunk)
        if self.size > settings.UPLOAD_MAX_BYTES:
            self.refuse(f"The file is larger than {size_in_words(settings.UPLOAD_MAX_BYTES)}. Choose a smaller one.")
        if self.problem or self._sealer is None:
            return
        if len(self._head) < SAMPLE_BYTES:
            self._head += chunk[: SAMPLE_BYTES - len(self._head)]
        self._tail = (self._tail + chunk)[-SAMPLE_BYTES:]
        self._guarded(partial(self._sealer.update, chunk))

    def finish(self) -> SealedUpload | RefusedUpload:
        kind = self._kind()
        blob = self._guarded(self._sealer.finish) if kind and self._sealer else None
        if kind is None or blob is None or self.context is None:
            return RefusedUpload(self.name, self.problem)
        return SealedUpload(self.context, blob, self.name, media_type=kind.media_type, head=self._head)

    def refuse(self, sentence: str) -> None:
        """Leave nothing of it behind, and remember why."""
        self.problem = self.problem or sentence
        if self._sealer is not None:
            self._sealer.abort()

    def _kind(self) -> FileType | None:
        if not self.problem and self.size == 0:
            self.refuse(EMPTY)
        if self.problem:
            return None
        try:
            return sniff(self.name, self._head, self._tail)
        except WrongType as wrong:
            self.refuse(str(wrong))
            return None

    def _guarded(self, act: Callable[[], Given]) -> Given | None:
        try:
            return act()
        except VaultError:
            self.refuse(NOT_STORED)
            return None


class SealingUploadHandler(FileUploadHandler):
    """The service's only upload handler. Made by the settings it has no place to seal to, and refuses; `prepare` gives it one."""

    def __init__(self, request: HttpRequest | None = None, *, places: Iterator[DocumentContext] | None = None) -> None:
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
    request.upload_handlers = [SealingUploadHandler(request, places=_places(review, document))]


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


def _places(review: Any, document: Document | None) -> Iterator[DocumentContext]:
    if document is not None:
        yield place_of(review.pk, document.pk, document.next_number())
        return
    while True:
        yield place_of(review.pk, uuid4(), 1)


def take_in(
    review: Any, name: str, content: bytes | Iterable[bytes], *, document: Document | None = None
) -> SealedUpload:
    """Seal a file that comes from elsewhere than a form: an API, the demo. The same rules; raises ValidationError."""
    taking = Taking(next(_places(review, document)), name)
    for chunk in [content] if isinstance(content, bytes) else content:
        taking.add(chunk)
    upload = taking.finish()
    if isinstance(upload, RefusedUpload):
        raise ValidationError({"file": upload.sentence})
    return upload
