"""One file on its way in: sealed, looked at as it streams by, and kept only when name, bytes and structure say the same."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError

from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.fields import size as size_in_words

from . import strongroom
from .kinds.findings import Finding, NotTaken, Why, WrongType, in_order
from .models import DocumentVersion, ParkedUpload, UploadPart
from .orphans import delete_blob
from .sandbox.asking import NoAnswer, ask
from .sealed_reader import OpenedPaper
from .sniffing import SAMPLE_BYTES, FileType, Scan, kind_of, sniff, wrong
from .vault.documents import DocumentContext, DocumentSealer, SealedBlob
from .vault.errors import VaultError
from .vault.receipt import Scope

EMPTY = "The file is empty. Choose another file."
NOT_STORED = (
    "The file could not be stored just now, so nothing of it was kept. "
    "Try again, and tell your administrator if it goes on."
)
ONE_AT_A_TIME = "Send one file at a time."
Given = TypeVar("Given")


@dataclass(frozen=True)
class Place:
    """Where a file will belong, and how the log names its review."""

    context: DocumentContext
    logged_as: dict[str, Any]


class SealedUpload(UploadedFile):
    """A file that arrived and is sealed. Closing it (Django does, with the request) deletes it, unless a row names it by then.

    `findings` are codes of what is in it; `sha256` is of the file as it was sent, in hex, "" where nobody computed it.
    """

    def __init__(
        self,
        context: DocumentContext,
        blob: SealedBlob,
        name: str,
        *,
        media_type: str,
        findings: list[str] | None = None,
        sha256: str = "",
    ) -> None:
        super().__init__(file=None, name=name, content_type=media_type, size=blob.size)
        self.context, self.blob, self.media_type = context, blob, media_type
        self.findings, self.sha256 = findings or [], sha256
        self.parked: ParkedUpload | None = None

    def close(self) -> None:
        drop(self.blob)


class RefusedUpload(UploadedFile):
    """A file that was not kept, and the sentence that says why."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(file=None, name=name, size=0)
        self.sentence = sentence

    def close(self) -> None:
        """There is nothing to close."""


def is_kept(blob_name: str) -> bool:
    """Whether a version, a waiting form or an upload on its way still needs this sealed paper."""
    rows = (DocumentVersion.objects, ParkedUpload.objects, UploadPart.objects)
    return any(row.filter(blob_name=blob_name).exists() for row in rows)


def drop(blob: SealedBlob) -> None:
    """Delete a sealed paper that nothing needs."""
    with suppress(DatabaseError):  # not known whether it is needed: better an orphan than a lost paper
        if not is_kept(blob.blob_name):
            delete_blob(blob.blob_name)


class Taking:
    """One file on its way in. `finish` gives what became of it."""

    def __init__(self, place: Place | None, name: str) -> None:
        self.place, self.name = place, name
        self.problem = "" if place else ONE_AT_A_TIME
        self.size = 0
        self._head = self._tail = b""
        self._scan = self._scan_for(name)
        self._sealer: DocumentSealer | None = None
        if place is not None:
            self._sealer = self._guarded(partial(strongroom.vault().seal_document, place.context))

    def add(self, chunk: bytes) -> None:
        """The next bytes. After a problem they are only counted: the form's other answers come behind them."""
        self.size += len(chunk)
        if self.size > settings.UPLOAD_MAX_BYTES:
            self.refuse(f"The file is larger than {size_in_words(settings.UPLOAD_MAX_BYTES)}. Choose a smaller one.")
        if self.problem or self._sealer is None:
            return
        if len(self._head) < SAMPLE_BYTES:
            self._head += chunk[: SAMPLE_BYTES - len(self._head)]
        self._tail = (self._tail + chunk if len(chunk) < SAMPLE_BYTES else chunk)[-SAMPLE_BYTES:]
        if self._scan is not None:
            self._judged(partial(self._scan.add, chunk))
        self._guarded(partial(self._sealer.update, chunk))

    def finish(self) -> SealedUpload | RefusedUpload:
        found = self._look()
        blob = self._guarded(self._sealer.finish) if found is not None and self._sealer else None
        if found is None or blob is None or self.place is None:
            return RefusedUpload(self.name, self.problem)
        kind = kind_of(self.name)
        if kind.is_container:
            found = self._look_inside(kind, self.place, blob)
        if found is None:
            return RefusedUpload(self.name, self.problem)
        sha256 = self._sealer.sha256 if self._sealer else ""
        about: dict[str, Any] = {"media_type": kind.media_type, "findings": in_order(found), "sha256": sha256}
        return SealedUpload(self.place.context, blob, self.name, **about)

    def refuse(self, sentence: str) -> None:
        """Leave nothing of it behind, and remember why."""
        self.problem = self.problem or sentence
        if self._sealer is not None:
            self._sealer.abort()

    def _scan_for(self, name: str) -> Scan | None:
        """What looks at it as it streams by; a name that is refused is refused at the end, with the whole form read."""
        try:
            kind = kind_of(name)
        except WrongType:
            return None
        return kind.scan() if kind.scan else None

    def _look(self) -> set[Finding] | None:
        """Whether name, head, tail and what streamed by agree; None where they do not, and `problem` says so."""
        if not self.problem and self.size == 0:
            self.refuse(EMPTY)
        if self.problem:
            return None
        return self._judged(self._agreed)

    def _agreed(self) -> set[Finding]:
        sniff(self.name, self._head, self._tail)
        return self._scan.finish() if self._scan is not None else set()

    def _look_inside(self, kind: FileType, place: Place, blob: SealedBlob) -> set[Finding] | None:
        """Have the sealed file parsed in the sandbox; a file that is not taken leaves nothing behind."""
        try:
            found = self._judged(partial(inspected, kind, place, blob))
        except BaseException:
            drop(blob)
            raise
        if found is None:
            drop(blob)
        return found

    def _judged(self, act: Callable[[], Given]) -> Given | None:
        try:
            return act()
        except WrongType as refusal:
            self.refuse(str(refusal))
        except NotTaken as reason:
            self.refuse(str(wrong(kind_of(self.name), reason.why)))
        except VaultError:
            self.refuse(NOT_STORED)
        return None

    def _guarded(self, act: Callable[[], Given]) -> Given | None:
        try:
            return act()
        except VaultError:
            self.refuse(NOT_STORED)
            return None


def inspected(kind: FileType, place: Place, blob: SealedBlob) -> set[Finding]:
    """What the sandbox finds in a sealed file. One line in the log, because the system opens it. Raises NotTaken, VaultError."""
    context = place.context
    named: dict[str, Any] = {"object": "document", "object_id": str(context.document), "version": context.version}
    details: dict[str, str | int] = {"kind": kind.name.lower(), "bytes": blob.size}
    line = Line(event="document.checked", person=None, details=details, **place.logged_as, **named)
    receipt = log.append_first(line, container=context.container, scope=Scope.DOCUMENT, subject=context.subject)
    try:
        answer = ask({"job": "check", "ending": kind.ending}, OpenedPaper(context, blob, receipt))
        if "refused" in answer:
            raise NotTaken(Why(answer["refused"]))
        return {Finding(code) for code in answer["findings"]}
    except (NoAnswer, KeyError, TypeError, ValueError):
        raise NotTaken(Why.UNCHECKED) from None
