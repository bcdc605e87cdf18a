"""A document's page, and its paper: shown, or given away as a copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from dhr.audit import log
from dhr.audit.line import Line
from dhr.govuk.fields import size
from dhr.govuk.pages import blame
from dhr.reviews.recording import RECORD

from ..fields import reading
from ..filing import CHAIR, may_add_version, may_change_title
from ..forms import DownloadForm, kind_in_words
from ..grant_source import DOWNLOAD_DOCUMENT
from ..kinds.findings import in_words
from ..models import Document, DocumentVersion, Restriction
from ..page_images.opening import is_drawn, is_paged
from ..readers import in_words as people_in_words
from ..readers import readers_of
from ..reading import QUARANTINED, download, is_handed_over, needs_reason, open_paper, opens_of, versions_for
from ..restricting import DECIDE, PROPOSE, may_propose, restriction_of
from ..schedule_12a import cited
from ..sniffing import ending_of
from ..vocabulary import Audience, RestrictionState
from . import could_open
from .gate import document_url, documents_url, get_visible_or_404, require

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")  # RFC 9110 14.1.2; several ranges at once get the whole paper
SHUT_IN = "default-src 'none'; sandbox"
# Browsers' own PDF viewers do not start in a sandbox; they run apart from the page, and nothing else is let in.
SHUT_IN_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


class DocumentPage(View):
    """What it is, who can open it, who has, and what this person may do with it."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, review: UUID, document: UUID) -> HttpResponse:
        user: Any = request.user
        paper = get_visible_or_404(user, review, document)
        line = Line(event="review.viewed", person=user.pk, details={"page": "document"}, **paper.review.logged_as())
        receipt = log.sighted(line, container=paper.review_id)
        versions = versions_for(user, paper)
        restriction = restriction_of(paper)
        weighs = restriction is not None and (user.has_perm(PROPOSE, paper.review) or user.has_perm(DECIDE))
        with reading(receipt):
            listed = [(version, version.file_name) for version in versions]
            interest = restriction.public_interest if restriction and weighs else ""
        readers = readers_of(paper)
        context = {
            "document": paper,
            "review": paper.review,
            "kind": kind_in_words(paper),
            "versions": [_shown(user, paper, version, name) for version, name in listed],
            "readers": readers,
            "readers_in_words": people_in_words(readers),
            "restriction": restriction,
            "placeholder": cited(restriction.paragraphs) if restriction and restriction.counts else "",
            "public_interest": interest,
            "could_open_url": could_open.asked_today(user, paper),
            "opens": opens_of(paper) if user.has_perm("reviews.view_review", paper.review) else None,
            "actions": list(_actions(user, paper, restriction)),
            "back_url": documents_url(paper.review),
        }
        return render(request, "restricted_docs/document.html", context)


def _shown(user: Any, document: Document, version: DocumentVersion, file_name: str) -> dict[str, Any]:
    address = [document.review_id, document.pk, version.number]
    keeps = user.has_perm(DOWNLOAD_DOCUMENT, document)
    return {
        "version": version,
        "file_name": file_name,
        "size": size(version.size),
        "type": ending_of(version.media_type).removeprefix(".").upper(),
        "fingerprint": version.blob.fingerprint.hex()[:16],
        "findings": in_words(version.found),
        "receipt_url": reverse("document-receipt", args=address),
        "read_url": "" if version.is_quarantined else reading_url(version),
        "download_url": reverse("document-download", args=address) if keeps and not version.is_quarantined else "",
        "quarantined": QUARANTINED[version.scan] if version.is_quarantined else "",
    }


def reading_url(version: DocumentVersion) -> str:
    """Where a version is read here: page by page, or as a rendition."""
    address = [version.document.review_id, version.document_id, version.number]
    if is_paged(version):
        return reverse("document-page" if is_drawn(version) else "document-page-text", args=[*address, 1])
    return reverse("document-read", args=address)


def _actions(user: Any, document: Document, restriction: Restriction | None) -> Iterator[tuple[str, str]]:
    """What this person may do next: words and address."""
    review = document.review
    chairs, officer = user.has_perm(CHAIR, review), user.has_perm(RECORD, review)
    if may_add_version(user, document):
        yield "Add a version", document_url(document, "add-version")
    if chairs and (document.audience != Audience.PANEL or document.next_number() - 1 != document.released_version):
        yield "Release to the panel", document_url(document, "release-document")
    if chairs or officer:
        yield "Change who may open it", document_url(document, "document-audience")
    if may_change_title(user, document):
        yield "Change the title", document_url(document, "document-title")
    waits = restriction is not None and restriction.state == RestrictionState.PROPOSED
    if may_propose(user, document) and not waits:
        yield "Propose a restriction", document_url(document, "propose-restriction")


def version_or_404(document: Document, number: int) -> DocumentVersion:
    version = document.versions.filter(number=number).first()
    if version is None:
        raise Http404
    version.document, version.review = document, document.review
    return version


class DocumentOpen(View):
    """The paper as it is, in the browser's own viewer, for whom a copy is due at once; all others are led to its pages."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponseBase:
        paper = get_visible_or_404(request.user, review, document)
        version = version_or_404(paper, number)
        if not is_handed_over(request.user, version):
            return redirect(reading_url(version))
        wanted = _range(request.headers.get("Range", ""), version.size)
        if wanted is None:
            return _beyond(version.size)
        start, end, part = wanted
        pieces, length = open_paper(version, by=request.user, start=start, end=end)
        response = _streamed(pieces, length, version, "inline")
        response["Accept-Ranges"] = "bytes"
        if part:
            response.status_code = 206
            response["Content-Range"] = f"bytes {start}-{start + length - 1}/{version.size}"
        return response


def _range(header: str, length: int) -> tuple[int, int, bool] | None:
    """First byte, the byte after the last, and whether a part was asked for; None where nothing of it exists."""
    asked = ONE_RANGE.fullmatch(header.strip())
    if asked is None or asked.groups() == ("", ""):
        return 0, length, False
    first, last = asked.groups()
    if first == "":
        start, end = max(length - int(last), 0), length
    else:
        start, end = int(first), min(int(last) + 1, length) if last else length
        if last and int(last) < start:
            return 0, length, False
    return (start, end, True) if start < end else None


def _beyond(length: int) -> HttpResponse:
    return HttpResponse(status=416, headers={"Content-Range": f"bytes */{length}", "Cache-Control": "no-store"})


class DocumentDownload(View):
    """A copy to take away. Chairs and the author get it at once; everybody else says why, and the log keeps it."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponseBase:
        paper, version = self._asked(request, review, document, number)
        if needs_reason(request.user, paper):
            return self._page(request, paper, version, DownloadForm())
        return self._copy(request, version, "")

    def post(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponseBase:
        paper, version = self._asked(request, review, document, number)
        form = DownloadForm(request.POST)
        if not form.is_valid():
            return self._page(request, paper, version, form, status=422)
        try:
            return self._copy(request, version, form.cleaned_data["reason"])
        except ValidationError as error:
            blame(error, form)
            return self._page(request, paper, version, form, status=422)

    def _asked(
        self, request: HttpRequest, review: UUID, document: UUID, number: int
    ) -> tuple[Document, DocumentVersion]:
        paper = get_visible_or_404(request.user, review, document)
        require(request.user, paper, DOWNLOAD_DOCUMENT)
        return paper, version_or_404(paper, number)

    def _copy(self, request: HttpRequest, version: DocumentVersion, reason: str) -> HttpResponseBase:
        pieces, length = download(version, by=request.user, reason=reason)
        return _streamed(pieces, length, version, "attachment")

    def _page(
        self, request: HttpRequest, paper: Document, version: DocumentVersion, form: DownloadForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "form": form,
            "document": paper,
            "version": version,
            "heading": "Download a copy",
            "submit_text": "Download",
        }
        back = document_url(paper)
        return render(request, "govuk/form_page.html", context | {"back_url": back, "cancel_url": back}, status=status)


def _streamed(pieces: Iterator[bytes], length: int, version: DocumentVersion, how: str) -> StreamingHttpResponse:
    """The answer that carries a paper. Its file name says what it is and of which review, never what somebody called it."""
    name = f"{version.review.reference} {version.document.kind} v{version.number}{ending_of(version.media_type)}"
    plain = version.media_type.startswith("text/")
    headers = {
        "Content-Type": f"{version.media_type}; charset=utf-8" if plain else version.media_type,
        "Content-Length": str(length),
        "Content-Disposition": f'{how}; filename="{name}"',
        "Content-Security-Policy": SHUT_IN_PDF if version.media_type == "application/pdf" else SHUT_IN,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return StreamingHttpResponse(pieces, headers=headers)
