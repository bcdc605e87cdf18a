"""Sending a file in parts, as a browser does it by the tus protocol."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from dhr.reviews.models import Review
from tests import made_files

MARK = b"the-words-nobody-may-find-on-disk"
PDF = made_files.pdf(b"(" + MARK * 3_000 + b")")
TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


def page(review: Review) -> str:
    return reverse("file-document", args=[review.pk])


def named(name: str) -> dict[str, str]:
    return {"Upload-Metadata": f"filetype dGV4dA==,filename {base64.b64encode(name.encode()).decode()}"}


def begin(client: Client, address: str, length: int = len(PDF), name: str = "report.pdf", **more: str) -> Any:
    return client.post(address, headers=TUS | named(name) | {"Upload-Length": str(length)} | more, content_type="")


def patch(client: Client, url: str, offset: int, content: bytes, **more: str) -> Any:
    return client.patch(url, content, content_type=PART, headers=TUS | {"Upload-Offset": str(offset)} | more)


def sent(client: Client, url: str, content: bytes, step: int = 40_000) -> Any:
    answer = None
    for start in range(0, len(content), step):
        answer = patch(client, url, start, content[start : start + step])
        assert answer.status_code in {204, 422}, answer.content
    return answer


def papers() -> set[str]:
    return {path.name for path in (Path(settings.VAR) / "papers").rglob("*") if path.is_file()}


def form(**answers: Any) -> dict[str, Any]:
    return {
        "title": "A paper",
        "kind": "other",
        "audience": "officers_and_chairs",
        "marking": "official_sensitive",
    } | answers
