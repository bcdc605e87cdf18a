"""The address of one upload that comes in parts: how far it is, its next part, its end. Its owner's alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import View

from .. import tus
from ..arriving import OutOfStep, WrongChecksum, finish, receive
from ..filing import FILE
from ..models import ArrivingUpload, ParkedUpload
from ..parking import forget_arriving, token_of
from ..reading import note_refusal
from ..taking import NOT_STORED, RefusedUpload
from ..vault.errors import VaultError
from .gate import has_a_part

FAULTS: dict[type[Exception], tuple[int, str]] = {
    OutOfStep: (409, "The part does not begin where the last one ended."),
    WrongChecksum: (tus.WRONG_CHECKSUM, "The part is not what was sent."),
    VaultError: (503, NOT_STORED),
}
INSTEAD = frozenset({"PATCH", "DELETE"})  # what a POST may stand for where a proxy lets nothing else through


class Arriving(View):
    """HEAD, PATCH and DELETE of the tus protocol."""

    http_method_names = ["head", "patch", "delete", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        instead = request.headers.get("X-HTTP-Method-Override", "")
        if request.method == "POST" and instead in INSTEAD:
            request.method = instead
        return super().dispatch(request, *args, **kwargs)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return tus.offered()

    def head(self, request: HttpRequest, upload: UUID) -> HttpResponse:
        return tus.unknown_version(request) or self._so_far(self._own(upload))

    def delete(self, request: HttpRequest, upload: UUID) -> HttpResponse:
        if refusal := tus.unknown_version(request):
            return refusal
        forget_arriving(self._own(upload))
        return tus.answer(204)

    def patch(self, request: HttpRequest, upload: UUID) -> HttpResponse:
        if refusal := tus.unknown_version(request):
            return refusal
        if request.content_type != tus.PART:
            return tus.answer(415, "A part of a file has a type of its own.")
        offset = tus.whole_number(request.headers.get("Upload-Offset"))
        length = tus.whole_number(request.META.get("CONTENT_LENGTH"))
        if offset is None or length is None:
            return tus.answer(400, "Say where the part begins, and how long it is.")
        found = self._own(upload)
        checksum = request.headers.get("Upload-Checksum", "")
        try:
            receive(found, offset=offset, read=request.read, length=length, checksum=checksum)
        except (OutOfStep, WrongChecksum, VaultError) as fault:
            return tus.answer(*FAULTS[type(fault) if type(fault) in FAULTS else VaultError])
        return self._so_far(found, status=204)

    def _own(self, pk: UUID) -> ArrivingUpload:
        """Raises Http404 for another person's, for somebody who has left the review since (both written down), and for one
        whose day is over."""
        found = ArrivingUpload.objects.select_related("review__partnership", "owner").filter(pk=pk).first()
        if found is None:
            raise Http404
        if found.owner_id != self.request.user.pk or not has_a_part(self.request.user, found.review):
            note_refusal(self.request.user, FILE, found.review)
            raise Http404
        if not ArrivingUpload.objects.fresh().filter(pk=pk).exists():
            raise Http404
        return found

    def _so_far(self, upload: ArrivingUpload, status: int = 200) -> HttpResponse:
        """How far it is; once it is whole, put together, with what the form says to take it up."""
        parked = ""
        if upload.finished_at is not None:
            parked = str(upload.pk) if ParkedUpload.objects.filter(token=upload.pk).exists() else ""
        elif upload.received == upload.length:
            try:
                made = finish(upload)
            except VaultError:
                return tus.answer(503, NOT_STORED)
            if isinstance(made, RefusedUpload):
                return tus.refused(422, made.sentence)
            parked = token_of(made)
        more = {"Upload_Length": str(upload.length)} | ({tus.PARKED.replace("-", "_"): parked} if parked else {})
        return tus.answer(status, **tus.state(upload), **more)
