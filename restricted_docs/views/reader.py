"""Reading a paper here, page by page: as watermarked images, or as the words of the same page. Each page is an opening."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from csp.decorators import csp_update
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View

from dhr.govuk.parts import Page as PageLink

from ..forms import kind_in_words
from ..grant_source import DOWNLOAD_DOCUMENT
from ..models import DocumentVersion
from ..page_images.opening import MOST_PAGES, NoPageShown, Page, image_of, is_drawn, is_paged, words_of
from ..reading import is_handed_over
from .documents import reading_url, version_or_404
from .gate import document_url, get_visible_or_404


class PageOfPaper(View):
    """One page of one version, with the way to the others. What both ways of reading share."""

    http_method_names = ["get"]
    template_name: ClassVar[str]
    url_name: ClassVar[str]

    def get(self, request: HttpRequest, review: UUID, document: UUID, number: int, page: int) -> HttpResponseBase:
        version = version_or_404(get_visible_or_404(request.user, review, document), number)
        if not 1 <= page <= MOST_PAGES:
            raise Http404
        if not self.is_read_so(version):
            return redirect(reading_url(version))
        try:
            shown = self.open(version, page)
        except NoPageShown as none:
            return self._show(version, page, {"sentence": none.sentence, "locked": none.locked}, missing=none.missing)
        return self._show(version, page, {"page": shown} | self._links(version, shown))

    def is_read_so(self, version: DocumentVersion) -> bool:
        raise NotImplementedError

    def open(self, version: DocumentVersion, page: int) -> Page:
        raise NotImplementedError

    def _links(self, version: DocumentVersion, shown: Page) -> dict[str, Any]:
        """The way to the other pages, in the size that was asked for; "" and nothing where there is none."""

        def url(number: int) -> str:
            return f"{self._url(version, number)}{'?size=large' if self.is_large else ''}#page"

        numbers = Paginator(range(shown.pages), 1).get_elided_page_range(shown.number, on_each_side=1, on_ends=1)
        listed = [(each, url(each) if isinstance(each, int) else "") for each in numbers]
        return {
            "pages": [PageLink(each, to, each == shown.number) for each, to in listed] if shown.pages > 1 else [],
            "previous": url(shown.number - 1) if shown.number > 1 else "",
            "next": url(shown.number + 1) if shown.number < shown.pages else "",
        }

    @property
    def is_large(self) -> bool:
        return self.request.GET.get("size") == "large"

    def _url(self, version: DocumentVersion, page: int, name: str = "") -> str:
        return reverse(name or self.url_name, args=[*_address(version), page])

    def _show(
        self, version: DocumentVersion, number: int, more: dict[str, Any], *, missing: bool = False
    ) -> HttpResponse:
        document, user = version.document, self.request.user
        context = {
            "document": document,
            "version": version,
            "kind": kind_in_words(document),
            "number": number,
            "is_large": self.is_large,
            "page_url": self._url(version, number, "document-page") if is_drawn(version) else "",
            "text_url": self._url(version, number, "document-page-text"),
            "first_url": self._url(version, 1) if missing else "",
            "whole_url": reverse("document-open", args=_address(version)) if is_handed_over(user, version) else "",
            "may_download": user.has_perm(DOWNLOAD_DOCUMENT, document),
            "back_url": document_url(document),
        }
        return render(self.request, self.template_name, context | more, status=404 if missing else 200)


def _address(version: DocumentVersion) -> list[Any]:
    return [version.document.review_id, version.document_id, version.number]


# The image comes with its page, so that one page read is one request and one line in the log.
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")
class DocumentPageImage(PageOfPaper):
    """A page as an image with its reader's watermark; the other kinds of file lead to where they are read."""

    template_name = "restricted_docs/reader.html"
    url_name = "document-page"

    def is_read_so(self, version: DocumentVersion) -> bool:
        return is_drawn(version)

    def open(self, version: DocumentVersion, page: int) -> Page:
        return image_of(version, page, by=self.request.user, large=self.is_large)


class DocumentPageText(PageOfPaper):
    """The words of a page, for who does not see its image."""

    template_name = "restricted_docs/reader_text.html"
    url_name = "document-page-text"

    def is_read_so(self, version: DocumentVersion) -> bool:
        return is_paged(version)

    def open(self, version: DocumentVersion, page: int) -> Page:
        return words_of(version, page, by=self.request.user)
