"""Every way in which something sealed leaves the service, as a request, and the word that gives it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from dhr.accounts.models import User
from dhr.audit.models import AuditEntry
from dhr.reviews.models import SealedIdentity
from tests import build
from tests.cast import Cast

SECRET = b"canary-within-the-paper"
PAPER = build.PDF.replace(b"%%EOF", SECRET + b"\n" * 200_000 + b"%%EOF")  # of several chunks
NAME, ACCOUNT = build.CANARY_NAME.encode(), build.CANARY_TEXT.encode()


@dataclass(frozen=True)
class Door:
    """A request of one person, what must not come back without a line, and the event of that line."""

    name: str
    person: User
    send: Callable[[Client], Any]
    secret: bytes
    event: str

    def go(self, client: Client, took: Callable[[bytes], None]) -> int:
        """Send the request and hand over what a browser would have received, piece by piece; its status."""
        answer = self.send(client)
        pieces = answer.streaming_content if answer.streaming else [answer.content]
        try:
            for piece in pieces:
                took(piece)
        except Exception:  # noqa: BLE001 - an answer that breaks off: what was sent before counts
            return 0
        return int(answer.status_code)


def build_doors(cast: Cast) -> list[Door]:
    """The doors of one review that waits to be submitted, so that there is a pack."""
    build.PDF, plain = PAPER, build.PDF
    try:
        review = build.review_at("submit_to_home_office", cast)
    finally:
        build.PDF = plain
    report = review.document_set.get(kind="overview_report")
    paper = [review.pk, report.pk, 1]
    identity = SealedIdentity.objects.get(review=review)
    part = {"Range": f"bytes={PAPER.index(SECRET)}-{PAPER.index(SECRET) + len(SECRET)}"}

    def get(name: str, *keys: Any, **more: Any) -> Callable[[Client], Any]:
        return lambda client: client.get(reverse(name, args=keys), **more)

    def post(name: str, *keys: Any) -> Callable[[Client], Any]:
        return lambda client: client.post(reverse(name, args=keys))

    return [
        Door("a paper", cast.lead_chair, get("document-open", *paper), SECRET, "document.opened"),
        Door("a part of it", cast.lead_chair, get("document-open", *paper, headers=part), SECRET, "document.opened"),
        Door("a copy of it", cast.lead_chair, get("document-download", *paper), SECRET, "document.downloaded"),
        Door("the pack", cast.officer, post("pack", review.pk), SECRET, "document.downloaded"),
        Door("the account", cast.officer, get("review-details", review.pk), ACCOUNT, "narrative.viewed"),
        Door("a name", cast.officer, post("reveal-name", review.pk, identity.pk), NAME, "identity.revealed"),
    ]


def signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="dhr.accounts.backends.SignInBackend")
    return client


def newest_line() -> int:
    return AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def has_line(door: Door, since: int) -> bool:
    """Whether this opening has its line, asked over a fresh connection: what was not committed is not there."""
    connection.close()
    return AuditEntry.objects.filter(seq__gt=since, event=door.event, person=door.person.pk).exists()
