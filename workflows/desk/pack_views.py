"""The Home Office pack, as one download."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.views.generic import View

from restricted_docs.vocabulary import DownloadReason

from ..steps.pack import open_pack
from .access import review_or_404


class DownloadPack(View):
    """POST: the pack as prepared. A POST, so that no link and no preview fetches it by itself."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, review: UUID, **_: Any) -> StreamingHttpResponse:
        found = review_or_404(request, review, "reviews.submit_review")
        name, pieces = open_pack(found, by=request.user, reason=DownloadReason.HOME_OFFICE)
        answer = StreamingHttpResponse(pieces, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
