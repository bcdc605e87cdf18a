"""Opening a paper: permission, then a committed line in the log, then the key. And who has opened it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Max

from dhr.accounts.models import User
from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.audit.reading import moment_of
from dhr.reviews.recording import RECORD
from dhr.usecase import NotYet, Refused, ask

from . import provenance, strongroom
from .filing import DRAFT
from .grant_source import DOWNLOAD_DOCUMENT, VIEW_DOCUMENT
from .kinds.findings import ACTIVE
from .models import Document, DocumentVersion
from .sealed_reader import OpenedPaper
from .sniffing import INLINE
from .vault.receipt import AccessReceipt, Scope
from .vocabulary import Audience, DownloadReason, Scan

QUARANTINED: dict[str, str] = {
    Scan.WAITING: "This file is being checked for malware. Nobody can open it until the check has said that it is clean: "
    "try again in a few minutes.",
    Scan.INFECTED: "Malware was found in this file, so nobody can open it. Ask whoever sent it for a clean copy.",
}
LATEST = 200  # entries of "who opened this"


class Quarantined(NotYet):
    """The scanner has not said that this version is clean: it stays shut for everybody."""


def open_paper(
    version: DocumentVersion, *, by: Any, start: int = 0, end: int | None = None
) -> tuple[Iterator[bytes], int]:
    """The bytes `[start:end]` of a version, in pieces, and how many they are. One line in the log each time.

    Its key, place and length are proved before this returns. Raises Refused (recorded), VaultError, LogUnavailable;
    RuntimeError inside a transaction.
    """
    _ask(by, VIEW_DOCUMENT, version)
    stop = version.size if end is None else min(end, version.size)
    part = {"first": start, "last": stop - 1} if (start, stop) != (0, version.size) else {}
    return _opened("document.opened", version, by, slice(start, stop), part)


def open_anywhere(version: DocumentVersion, *, by: Any, **details: str | int) -> OpenedPaper:
    """A version to be read from at any place, for a rendition or its page images. One line in the log each time.

    `details` are codes of "document.opened": how, page. Raises what open_paper raises.
    """
    _ask(by, VIEW_DOCUMENT, version)
    return OpenedPaper(version.context, version.blob, _receipt("document.opened", version, by, details))


def download(version: DocumentVersion, *, by: Any, reason: str = "") -> tuple[Iterator[bytes], int]:
    """A copy to keep: all bytes of a version, and how many. Everybody but chairs and the author gives a reason.

    Raises what open_paper raises, and ValidationError without a reason of DownloadReason.
    """
    _ask(by, DOWNLOAD_DOCUMENT, version)
    if reason not in DownloadReason.values and (reason or needs_reason(by, version.document)):
        raise ValidationError({"reason": "Choose why you need a copy of your own."})
    return _opened("document.downloaded", version, by, slice(0, version.size), {"reason": reason} if reason else {})


def needs_reason(by: Any, document: Document) -> bool:
    """Chairs and report authors work on the originals; everybody else says why they take a copy."""
    return not by.has_perm(DRAFT, document.review)


def is_handed_over(by: Any, version: DocumentVersion) -> bool:
    """Whether this person's own browser may show the file as it is: that gives a copy away, so only to whom a copy is due
    without a reason, and only a file in which nothing could act (docs/decisions/reading-papers.md)."""
    document = version.document
    shows = version.media_type in INLINE and not ACTIVE & set(version.found)
    return shows and by.has_perm(DOWNLOAD_DOCUMENT, document) and not needs_reason(by, document)


def versions_for(by: Any, document: Document) -> list[DocumentVersion]:
    """The versions that this person may open, newest first: the panel sees them up to the one that was released."""
    versions = list(document.versions.select_related("uploaded_by", "document__review"))
    return [version for version in versions if _is_released_to(by, version)]


def _is_released_to(by: Any, version: DocumentVersion) -> bool:
    document = version.document
    if document.audience != Audience.PANEL or version.number <= (document.released_version or 0):
        return True
    return bool(
        by.has_perm(RECORD, document.review) or by.has_perm(DRAFT, document.review) or document.filed_by_id == by.pk
    )


def _ask(by: Any, permission: str, version: DocumentVersion) -> None:
    try:
        ask(by, permission, version.document)
        if not _is_released_to(by, version):
            raise Refused("The chair has not released this version yet.", needs=permission, subject=version.document)
        if version.is_quarantined:
            raise Quarantined(QUARANTINED[version.scan])
    except Refused as refusal:
        note_refusal(by, refusal.needs, version.document)
        refusal.written_down = True
        raise


def note_refusal(by: Any, permission: str, subject: Any) -> None:
    """Write down that somebody was refused something that exists, in a transaction of its own."""
    log.refuse(Line(event="access.refused", person=by.pk, details={"permission": permission}, **subject.logged_as()))


def _opened(
    event: str, version: DocumentVersion, by: Any, part: slice, details: dict[str, Any]
) -> tuple[Iterator[bytes], int]:
    receipt = _receipt(event, version, by, details)
    context = version.context
    pieces = strongroom.vault().open_document(context, version.blob, receipt, part.start, part.stop)
    return provenance.watched(pieces, version, by.pk), max(part.stop - part.start, 0)


def _receipt(event: str, version: DocumentVersion, by: Any, details: dict[str, Any]) -> AccessReceipt:
    line = Line(event=event, person=by.pk, version=version.number, details=details, **version.logged_as())
    provenance.check(version)
    context = version.context
    return log.append_first(line, container=context.container, scope=Scope.DOCUMENT, subject=context.subject)


@dataclass(frozen=True)
class Opening:
    """That a person opened or downloaded a version: the last time, and how often."""

    person: str
    what: str
    version: int
    at: datetime
    times: int


def opens_of(document: Document) -> list[Opening]:
    """Who opened or downloaded this, newest first, one entry for each person, version and way: a paper read page by page has
    a line for each page."""
    events = {"document.opened": "opened", "document.downloaded": "downloaded"}
    lines = AuditEntry.objects.about(str(document.pk)).filter(event__in=events)
    found: Any = (
        lines.values("person", "event", "version").annotate(last=Max("at_us"), times=Count("seq")).order_by("-last")
    )
    rows: list[dict[str, Any]] = list(found[:LATEST])
    names = dict(User.objects.filter(pk__in={row["person"] for row in rows}).values_list("pk", "name"))
    return [
        Opening(
            names.get(row["person"], "A former account"),
            events[row["event"]],
            row["version"],
            moment_of(row["last"]),
            row["times"],
        )
        for row in rows
    ]
