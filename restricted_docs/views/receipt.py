"""The receipt of a file: what was sent, when, its fingerprint and its line in the log. For its sender and its readers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from dhr.audit import log
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.govuk.fields import size

from ..fields import reading
from ..filing import SEE_COMMISSION
from ..forms import kind_in_words
from ..grant_source import VIEW_DOCUMENT
from ..models import DocumentVersion
from .documents import version_or_404
from .gate import SEE_REVIEW, document_url, documents_url, get_visible_or_404

FILED = ("document.filed", "document.version_added")


class DocumentReceipt(View):
    """What the sender keeps: anybody who has the file can compute the same SHA-256."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponse:
        user: Any = request.user
        version = _of_its_sender(user, review, document, number) or version_or_404(
            get_visible_or_404(user, review, document), number
        )
        paper = version.document
        line = Line(event="review.viewed", person=user.pk, details={"page": "receipt"}, **paper.review.logged_as())
        with reading(log.sighted(line, container=paper.review_id)):
            rows = list(_rows(version))
        opens = user.has_perm(VIEW_DOCUMENT, paper)
        context = {
            "document": paper,
            "version": version,
            "kind": kind_in_words(paper),
            "rows": rows,
            "back_url": document_url(paper) if opens else documents_url(paper.review),
        }
        return render(request, "restricted_docs/receipt.html", context)


def _of_its_sender(user: Any, review: UUID, document: UUID, number: int) -> DocumentVersion | None:
    """The version, for who sent it and still has a part in the review or in the request it answers."""
    related = "document__review__partnership", "document__commission", "review", "uploaded_by"
    mine = DocumentVersion.objects.select_related(*related).filter(uploaded_by=user, review=review)
    version = mine.filter(document=document, number=number).first()
    if version is None:
        return None
    asked = version.document.commission
    stands = user.has_perm(SEE_REVIEW, version.review) or (asked and user.has_perm(SEE_COMMISSION, asked))
    return version if stands else None


def _rows(version: DocumentVersion) -> list[tuple[str, str]]:
    filed = AuditEntry.objects.about(str(version.document_id)).filter(event__in=FILED, version=version.number).first()
    at = timezone.localtime(version.uploaded_at)
    return [
        ("File", version.file_name),
        ("Size", f"{size(version.size)} ({version.size:,} bytes)"),
        ("Sent by", version.uploaded_by.name),
        ("Received", f"{at.day} {at:%B %Y, %H:%M:%S}"),
        ("SHA-256 of the file", version.sha256 or "Not computed for this file"),
        ("Fingerprint of the sealed version", version.blob.fingerprint.hex()[:16]),
        ("Line in the access log", str(filed.seq) if filed else "Not found"),
    ]
