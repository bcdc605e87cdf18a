"""Keeping an upload while its form is mended: nothing that was sent has to be sent again."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import Any
from uuid import UUID, uuid4

from django.core.signing import BadSignature, Signer

from dhr import clock
from dhr.usecase import AlreadyDone

from .models import ArrivingUpload, Document, ParkedUpload
from .models.blobs import columns_of
from .sniffing import TYPES, ending_of
from .taking import SealedUpload, drop

SIGNER = Signer(salt="restricted_docs.parking")


def park(upload: SealedUpload, *, owner: Any, review: Any, token: UUID | None = None) -> ParkedUpload:
    """Keep this upload for a day; it can be taken up by its owner, for the same place only."""
    clear_stale()
    if upload.parked is None:
        upload.parked = ParkedUpload.objects.create(
            token=token or uuid4(),
            owner=owner,
            review=review,
            document=upload.context.document,
            number=upload.context.version,
            media_type=upload.media_type,
            findings=upload.findings,
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
    found = _token_and_digest(token)
    if found is None:
        return None
    row = ParkedUpload.objects.fresh().filter(token=found[0], owner=owner, review=review).first()
    if row is None or row.document != (document.pk if document else row.document):
        return None
    about: dict[str, Any] = {"media_type": row.media_type, "findings": row.found, "sha256": found[1]}
    upload = SealedUpload(row.context, row.blob, name_of(called, row.media_type), **about)
    upload.parked = row
    return upload


def name_of(called: str, media_type: str) -> str:
    """What a form calls the file that waits, as a name: no folders, no signs that nobody sees or that write backwards, and
    the ending of what is in it."""
    last = PureWindowsPath(called).name  # which knows both kinds of slash
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    kind = TYPES.get(PureWindowsPath(shown).suffix.lower())
    is_right = kind is not None and kind.media_type == media_type
    return shown if is_right else f"{shown or 'file'}{ending_of(media_type)}"


def token_of(upload: SealedUpload) -> str:
    """What the form that waits carries: the token, and the file's SHA-256 signed, since the database must not hold that."""
    token = str(upload.parked.token) if upload.parked else ""
    return SIGNER.sign(f"{token}:{upload.sha256}") if upload.sha256 else token


def _token_and_digest(given: str) -> tuple[UUID, str] | None:
    try:
        token, _, digest = (SIGNER.unsign(given) if ":" in given else given).partition(":")
        return UUID(token), digest
    except (ValueError, BadSignature):
        return None


def claim(upload: SealedUpload) -> None:
    """The upload becomes a version now, inside the use case in hand. Raises AlreadyDone when another click was first."""
    if upload.parked is not None and not ParkedUpload.objects.filter(pk=upload.parked.pk).delete()[0]:
        raise AlreadyDone("This file has been filed already. Look at the list of documents.")


def clear_stale() -> int:
    """Delete what nobody came back for within a day, whole or in parts; answers how many."""
    stale = list(ParkedUpload.objects.stale())
    for row in stale:
        row.delete()
        drop(row.blob)
    left = list(ArrivingUpload.objects.stale())
    for upload in left:
        forget_arriving(upload)
    return len(stale) + len(left)


def forget_arriving(upload: ArrivingUpload) -> None:
    """Delete an upload that comes in parts, with the parts that are here. Harmless twice."""
    parts = list(upload.parts.all())
    ArrivingUpload.objects.filter(pk=upload.pk).delete()
    for part in parts:
        drop(part.blob)
