"""The tus resumable upload protocol 1.0.0 (tus.io/protocols/resumable-upload): its headers, and how an upload begins.

The core, with creation, expiration, termination and checksum. A refusal carries its sentence as plain text.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date

from .arriving import CHECKSUMS, NotBegun, begin
from .kinds.findings import WrongType
from .models import ArrivingUpload
from .taking import Place

VERSION = "1.0.0"
RESUMABLE = "Tus-Resumable"
PART = "application/offset+octet-stream"
WRONG_CHECKSUM = 460  # of the protocol's checksum extension
PARKED = "Dhr-Parked"  # ours: what the form says, once the file is here whole
REFUSED = "Dhr-Refused"  # ours: what the form says, so that its page tells the sentence beside its question
EXTENSIONS = "creation,expiration,termination,checksum"


def answer(status: int, sentence: str = "", **headers: str) -> HttpResponse:
    """An answer of the protocol. Headers are written with underscores."""
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response[RESUMABLE] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def refused(status: int, sentence: str) -> HttpResponse:
    """The file is not taken: the sentence, and the same signed, for the form."""
    response = answer(status, sentence)
    response[REFUSED] = signing.dumps(sentence, salt=REFUSED)
    return response


def sentence_of(signed: str) -> str:
    """The sentence of a refusal that this service gave within the last hour, or ""."""
    try:
        return str(signing.loads(signed, salt=REFUSED, max_age=3600))
    except signing.BadSignature:
        return ""


def offered() -> HttpResponse:
    """What OPTIONS says."""
    return answer(
        204,
        Tus_Version=VERSION,
        Tus_Extension=EXTENSIONS,
        Tus_Max_Size=str(settings.UPLOAD_MAX_BYTES),
        Tus_Checksum_Algorithm=",".join(CHECKSUMS),
    )


def unknown_version(request: HttpRequest) -> HttpResponse | None:
    """The answer to somebody who speaks another version, or None."""
    if request.headers.get(RESUMABLE) == VERSION:
        return None
    return answer(412, "Send the file the plain way.", Tus_Version=VERSION)


def whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else None


def begun(request: HttpRequest, place: Place, review: Any) -> HttpResponse:
    """Begin an upload for this place. The permission was asked by the page it is for."""
    if refusal := unknown_version(request):
        return refusal
    length = whole_number(request.headers.get("Upload-Length"))
    if length is None:
        return answer(400, "Say how long the file is.")
    name = _metadata(request.headers.get("Upload-Metadata", "")).get("filename", "")
    try:
        upload = begin(place, owner=request.user, review=review, name=name, length=length)
    except WrongType as wrong:
        return refused(422, str(wrong))
    except NotBegun as reason:
        return refused(reason.status, reason.sentence)
    location = reverse("arriving-upload", args=[upload.pk])
    return answer(201, Location=location, **state(upload))


def state(upload: ArrivingUpload) -> dict[str, str]:
    """How far an upload is, and until when it can go on."""
    return {"Upload_Offset": str(upload.received), "Upload_Expires": http_date(upload.expires_at.timestamp())}


def _metadata(header: str) -> dict[str, str]:
    """Key and base64 value, divided by commas; what is not that is left out."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (ValueError, binascii.Error):
            continue
    return found
