"""What every page that takes a file is made from: permission first, then the sealer, then the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from dhr.reviews.models import Review

from . import tus
from .file_field import CALLED, PARKED, REFUSED, SealedFileInput, names_of_refused, names_of_waiting
from .models import Document
from .parking import may_wait, park, take_up
from .upload import RefusedUpload, SealedUpload, places, prepare


class SealedUploadMixin(View):
    """A view whose form carries files. Say where they belong; give the form `files=self.sealed_files()`; when the form
    is not right, call `park_uploads(form)` before it is drawn again.

    The check against forged requests reads the form, so it may only come after the sealer stands ready: the middleware's
    is put off, and made up for here, inside.
    """

    review: Review
    document: Document | None = None

    def review_for_upload(self) -> Review:
        """The review the files belong to. Raises Refused or Http404: the permission is asked here, before a byte is read."""
        raise NotImplementedError

    def document_for_upload(self) -> Document | None:
        """The document that gets a new version, or None where each file makes a new document."""
        return None

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.review = self.review_for_upload()
        self.document = self.document_for_upload()
        answer: Callable[..., HttpResponseBase] = super().dispatch
        if request.method == "POST" and tus.RESUMABLE in request.headers:
            answer = self._begin
        elif request.method == "POST":
            self._take_in(request)
        return csrf_protect(_answered(answer))(request, *args, **kwargs)

    def _take_in(self, request: HttpRequest) -> None:
        """Read the form now, so that one that does not arrive whole is told from one that is forged."""
        prepare(request, self.review, document=self.document)
        try:
            _ = request.POST
        finally:
            for handler in request.upload_handlers:
                handler.abandon()  # type: ignore[attr-defined]

    def _begin(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same address takes the beginning of a file that comes in parts: whoever may send it whole may send it so."""
        return tus.begun(request, next(places(self.review, self.document)), self.review)

    def sealed_files(self) -> MultiValueDict[str, Any]:
        """The files of this form: those that came with it, and those that have waited since it was first sent."""
        files = self.request.FILES.copy()
        for name in names_of_waiting(self.request.POST):
            token, called = self.request.POST[f"{name}{PARKED}"], self.request.POST.get(f"{name}{CALLED}", "")
            if name not in files and (
                waiting := take_up(token, called, owner=self.request.user, review=self.review, document=self.document)
            ):
                files[name] = waiting
        for name in names_of_refused(self.request.POST):
            sentence = tus.sentence_of(self.request.POST[f"{name}{REFUSED}"])
            if name not in files and sentence:
                files[name] = RefusedUpload("the file", sentence)
        return files

    def park_uploads(self, form: forms.BaseForm) -> None:
        """Keep the good files of a form that is not right, and offer them again beneath their questions."""
        for name, field in form.fields.items():
            upload = form.files.get(form.add_prefix(name)) if form.files else None
            if (
                isinstance(field.widget, SealedFileInput)
                and isinstance(upload, SealedUpload)
                and may_wait(upload, self.document)
            ):
                park(upload, owner=self.request.user, review=self.review)
                field.widget.waiting = upload


def _answered(answer: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """csrf_protect marks the function it wraps, and a bound method takes no marks."""

    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | HttpResponseBase:
        return answer(request, *args, **kwargs)

    return call
