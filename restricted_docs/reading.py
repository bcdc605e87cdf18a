"""Opening a paper: permission, then a committed line in the log, then the key. And who has opened it so far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from dhr.accounts.models import User
from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.reviews.recording import RECORD
from dhr.usecase import Refused, ask

from . import strongroom
from .filing import DRAFT
from .grant_source import DOWNLOAD_DOCUMENT, VIEW_DOCUMENT
from .models import Document, DocumentVersion
from .vault.receipt import Scope
from .vocabulary import Audience, DownloadReason

LATEST = 200  # lines of the log that "who opened this" looks at


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
    line = Line(event=event, person=by.pk, version=version.number, details=details, **version.logged_as())
    context = version.context
    receipt = log.append_first(line, container=context.container, scope=Scope.DOCUMENT, subject=context.subject)
    pieces = strongroom.vault().open_document(context, version.blob, receipt, part.start, part.stop)
    return pieces, max(part.stop - part.start, 0)


@dataclass(frozen=True)
class Opening:
    """That a person opened or downloaded a version: the last time, and how often."""

    person: str
    what: str
    version: int
    at: datetime
    times: int


def opens_of(document: Document) -> list[Opening]:
    """Who opened or downloaded this, newest first, one entry for each person, version and way."""
    events = {"document.opened": "opened", "document.downloaded": "downloaded"}
    entries = list(AuditEntry.objects.about(str(document.pk)).filter(event__in=events).newest_first()[:LATEST])
    names = dict(User.objects.filter(pk__in={entry.person for entry in entries}).values_list("pk", "name"))
    found: dict[tuple[Any, str, Any], list[AuditEntry]] = {}
    for entry in entries:
        found.setdefault((entry.person, entry.event, entry.version), []).append(entry)
    return [
        Opening(names.get(person, "A former account"), events[event], version, same[0].at, len(same))
        for (person, event, version), same in found.items()
    ]
