"""Malware: where a scanner is configured, a version is shut for everybody until the scanner has said that it is clean.

The scanner gets the paper through the vault, by the system, with a line in the log. A scanner that is away, gives up or
says something else leaves the version shut; `manage.py scan_quarantine` asks again. What is infected stays shut for good.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from dhr import clock
from dhr.accounts.models import NoticeKind
from dhr.accounts.notices import send
from dhr.audit import log
from dhr.audit.line import Line
from dhr.usecase import AlreadyDone, record, use_case

from .clamd import NotScanned, connected
from .models import Document, DocumentVersion
from .sealed_reader import OpenedPaper
from .vault.errors import VaultError
from .vault.receipt import Scope
from .vocabulary import Scan

SECONDS_AT_FILING = 20  # somebody waits for the page; what takes longer is left to the command
SECONDS_LATER = 300


def state_at_filing() -> Scan:
    """What a version that is filed now begins with."""
    return Scan.WAITING if settings.CLAMD else Scan.NOT_ASKED


def scan_soon(version: DocumentVersion) -> None:
    """Scan a version of the use case in hand as soon as it has committed. A failure leaves it shut, nothing else."""
    if version.scan == Scan.WAITING:
        transaction.on_commit(partial(_try, version.pk), robust=True)


def _try(pk: UUID) -> None:
    version = DocumentVersion.objects.select_related("document__review", "review", "uploaded_by").get(pk=pk)
    with suppress(NotScanned, VaultError):
        scan(version, seconds=SECONDS_AT_FILING)


def scan(version: DocumentVersion, *, seconds: float = SECONDS_LATER) -> Scan:
    """Ask the scanner about a version that waits, and record what it says. Raises NotScanned, VaultError, LogUnavailable."""
    with connected(settings.CLAMD, seconds) as scanner:
        infected = scanner.finds_malware(_opened(version).pieces())
    with suppress(AlreadyDone):
        record_verdict(version.document, by=None, version=version, infected=infected)
    version.refresh_from_db(fields=["scan", "scanned_at"])
    return Scan(version.scan)


def _opened(version: DocumentVersion) -> OpenedPaper:
    named = version.logged_as()
    line = Line(event="document.scanned", person=None, version=version.number, details={"bytes": version.size}, **named)
    context = version.context
    receipt = log.append_first(line, container=context.container, scope=Scope.DOCUMENT, subject=context.subject)
    return OpenedPaper(context, version.blob, receipt)


@use_case(None)
def record_verdict(document: Document, *, by: Any, version: DocumentVersion, infected: bool) -> None:
    """The scanner's verdict on a version that waits for it. Who sent an infected one is told. Raises AlreadyDone."""
    verdict = Scan.INFECTED if infected else Scan.CLEAN
    waiting = DocumentVersion.objects.filter(pk=version.pk, scan=Scan.WAITING)
    if not waiting.update(scan=verdict, scanned_at=clock.now()):
        raise AlreadyDone("This version has its verdict already.")
    event = "document.found_infected" if infected else "document.found_clean"
    record(event, document, version=version.number, bytes=version.size)
    if infected:
        link = reverse("document", args=[document.review_id, document.pk])
        send(NoticeKind.MALWARE_FOUND, [version.uploaded_by], document.review.reference, link)
