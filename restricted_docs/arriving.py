"""A file that comes in parts, over a line that breaks: each part sealed under a data key of its own, then all sealed anew as one.

Nothing of it is ever on disk in clear. What became of it waits for its form as any other upload does (parking.py), under the
upload's own key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from dhr import clock
from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.fields import size as size_in_words

from . import strongroom
from .models import ArrivingUpload, ParkedUpload, UploadPart
from .models.blobs import columns_of, place_of
from .parking import clear_stale, forget_arriving, park
from .sealed_reader import OpenedPaper
from .sniffing import kind_of
from .taking import EMPTY, Place, RefusedUpload, SealedUpload, Taking, drop
from .vault.documents import SealedBlob
from .vault.receipt import Scope

MOST_UNFINISHED = 10  # uploads of one person
MOST_PARTS = 5_000  # of one upload
STEP = 65_536
CHECKSUMS = ("sha1", "sha256")


class NotBegun(Exception):
    """The upload is not taken. `status` for the answer, and a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class OutOfStep(Exception):
    """The part does not begin where the last one ended: somebody else was faster."""


class WrongChecksum(Exception):
    """What arrived is not what was sent."""


def begin(place: Place, *, owner: Any, review: Any, name: str, length: int) -> ArrivingUpload:
    """An upload of so many bytes for this place. Of the name only the ending is kept. Raises WrongType, NotBegun."""
    clear_stale()
    kind = kind_of(name)
    if length < 1:
        raise NotBegun(422, EMPTY)
    if length > settings.UPLOAD_MAX_BYTES:
        most = size_in_words(settings.UPLOAD_MAX_BYTES)
        raise NotBegun(413, f"The file is larger than {most}. Choose a smaller one.")
    if ArrivingUpload.objects.fresh().unfinished().filter(owner=owner).count() >= MOST_UNFINISHED:
        raise NotBegun(429, "Ten of your files are on their way already. Finish one of them, or try again tomorrow.")
    context = place.context
    return ArrivingUpload.objects.create(
        owner=owner,
        review=review,
        document=context.document,
        number=context.version,
        ending=kind.ending,
        length=length,
        begun_at=clock.now(),
    )


def receive(
    upload: ArrivingUpload, *, offset: int, read: Callable[[int], bytes], length: int, checksum: str = ""
) -> None:
    """Take the next part: up to `length` bytes, or as many as came before the line broke (a part with a checksum comes whole).

    Raises OutOfStep, WrongChecksum, VaultError.
    """
    if offset != upload.received or offset + length > upload.length or upload.parts.count() >= MOST_PARTS:
        raise OutOfStep
    sealer = strongroom.vault().seal_document(upload.context)
    try:
        if not _sealed_from(read, length, sealer.update, checksum):
            return
        blob = sealer.finish()
    finally:
        sealer.abort()
    try:
        _keep(upload, offset, blob)
    except BaseException:
        drop(blob)
        raise


def _sealed_from(read: Callable[[int], bytes], length: int, seal: Callable[[bytes], None], checksum: str) -> int:
    """Seal what comes; how many bytes that were."""
    name, _, expected = checksum.partition(" ")
    digest = hashlib.new(name if name in CHECKSUMS else "sha256", usedforsecurity=False)
    came = 0
    while came < length and (piece := _piece(read, min(STEP, length - came))):
        came += len(piece)
        digest.update(piece)
        seal(piece)
    if checksum and (name not in CHECKSUMS or _decoded(expected) != digest.digest()):
        raise WrongChecksum
    return came


def _piece(read: Callable[[int], bytes], most: int) -> bytes:
    try:
        return read(most)
    except OSError:  # the line broke: what came before it counts
        return b""


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _keep(upload: ArrivingUpload, offset: int, blob: SealedBlob) -> None:
    after = _chained(upload, bytes(upload.chain), offset, blob.header_sha256)
    with transaction.atomic():
        mine = ArrivingUpload.objects.filter(pk=upload.pk, received=offset, finished_at=None)
        if not mine.update(received=offset + blob.size, chain=after):
            raise OutOfStep
        UploadPart.objects.create(
            upload=upload, review=upload.review, start=offset, media_type="application/octet-stream", **columns_of(blob)
        )
    upload.received, upload.chain = offset + blob.size, after


def _chained(upload: ArrivingUpload, before: bytes, start: int, header: bytes) -> bytes:
    """A digest over the parts so far, keyed by the review: the database alone cannot make another one."""
    told = f"{upload.pk} {before.hex()} {start} {header.hex()}"
    return strongroom.vault().blind(upload.review_id, "upload-parts", told)


def finish(upload: ArrivingUpload) -> SealedUpload | RefusedUpload:
    """Put the parts together, as the sealed file that waits for its form; or refuse the file, which leaves nothing.

    Raises VaultError, LogUnavailable: the parts are still there, and it can be tried again.
    """
    place = Place(place_of(upload.review_id, upload.document, upload.number), upload.review.logged_as())
    taking = Taking(place, f"file{upload.ending}")
    try:
        for piece in _joined(upload):
            taking.add(piece)
        made = taking.finish()
    except BaseException:
        taking.refuse("The file did not arrive whole. Send it again.")
        raise
    if isinstance(made, RefusedUpload):
        forget_arriving(upload)
        return made
    _wait_for_its_form(upload, made)
    return made


def _joined(upload: ArrivingUpload) -> Iterator[bytes]:
    """The bytes of all parts in their order, opened by the system under one line of the log."""
    parts = list(upload.parts.all())
    chain, place = b"", 0
    for part in parts:
        if part.start != place:
            break
        chain, place = _chained(upload, chain, part.start, bytes(part.header_sha256)), place + part.size
    if (chain, place) != (bytes(upload.chain), upload.length):
        return  # moved, changed or missing: the file comes out empty, and is refused
    details: dict[str, str | int] = {"parts": len(parts), "bytes": upload.length}
    named: dict[str, Any] = {"object": "document", "object_id": str(upload.document), "version": upload.number}
    line = Line(event="document.joined", person=None, details=details, **upload.review.logged_as(), **named)
    context = upload.context
    receipt = log.append_first(line, container=context.container, scope=Scope.DOCUMENT, subject=context.subject)
    for part in parts:
        yield from OpenedPaper(context, part.blob, receipt).pieces()


def _wait_for_its_form(upload: ArrivingUpload, made: SealedUpload) -> None:
    try:
        with transaction.atomic():
            park(made, owner=upload.owner, review=upload.review, token=upload.pk)
            ArrivingUpload.objects.filter(pk=upload.pk).update(finished_at=clock.now())
    except IntegrityError:  # a second request was finishing it as well
        drop(made.blob)
        made.parked = ParkedUpload.objects.get(token=upload.pk)
        return
    parts = list(upload.parts.all())
    upload.parts.all().delete()
    for part in parts:
        drop(part.blob)
