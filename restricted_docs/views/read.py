"""Reading a version here, as a rendition; for one that is locked, asking for its password once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from ..forms import PasswordForm, kind_in_words
from ..grant_source import DOWNLOAD_DOCUMENT
from ..kinds.findings import in_words
from ..models import DocumentVersion
from ..rendered import Locked, NoRendition, is_locked, is_rendered, rendition_of
from .documents import version_or_404
from .gate import document_url, get_visible_or_404

WRONG = "The password does not open this file. Check it and try again."


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class DocumentRead(View):
    """What the version says, by our own template. The password is asked for each time: it is in no session, log or page."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponse:
        version = self._version(review, document, number)
        if not is_rendered(version):
            return redirect("document-open", review, document, number)
        if is_locked(version):
            return self._ask(version, PasswordForm())
        return self._show(version, PasswordForm(), "")

    def post(self, request: HttpRequest, review: UUID, document: UUID, number: int) -> HttpResponse:
        version = self._version(review, document, number)
        form = PasswordForm(request.POST)
        if not is_rendered(version) or not form.is_valid():
            return self._ask(version, form, status=422)
        return self._show(version, form, form.cleaned_data["password"])

    def _version(self, review: UUID, document: UUID, number: int) -> DocumentVersion:
        return version_or_404(get_visible_or_404(self.request.user, review, document), number)

    @sensitive_variables("password", "form")
    def _show(self, version: DocumentVersion, form: PasswordForm, password: str) -> HttpResponse:
        try:
            rendition = rendition_of(version, by=self.request.user, password=password)
        except Locked:
            if form.is_bound:
                form.add_error("password", WRONG)
            return self._ask(version, form, status=422 if form.is_bound else 200)
        except NoRendition as none:
            return self._page("restricted_docs/read.html", version, {"sentence": none.sentence})
        return self._page("restricted_docs/read.html", version, {"rendition": rendition})

    def _ask(self, version: DocumentVersion, form: PasswordForm, status: int = 200) -> HttpResponse:
        back = document_url(version.document)
        context = {"form": form, "heading": "Read a locked file", "submit_text": "Read", "cancel_url": back}
        return self._page("restricted_docs/read_locked.html", version, context, status)

    def _page(self, template: str, version: DocumentVersion, more: dict[str, Any], status: int = 200) -> HttpResponse:
        document = version.document
        context = {
            "document": document,
            "version": version,
            "kind": kind_in_words(document),
            "caption": f"{document.review.reference}: {document.title}",
            "findings": in_words(version.found),
            "may_download": self.request.user.has_perm(DOWNLOAD_DOCUMENT, document),
            "back_url": document_url(document),
        }
        return render(self.request, template, context | more, status=status)
