"""Verify the log now: one sentence, and what to compare and to keep outside this service."""

from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from dhr.audit.checkpoints import SigningKeyMissing, fingerprint
from dhr.audit.log import LogUnavailable
from dhr.audit.models import THE_HEAD, LogHead
from dhr.audit.shipping import shipping_file
from dhr.audit.verify import verify

from .door import AuditorsOnly, note

LONGEST_LINE = 1_000  # bytes; a shipped checkpoint has about 250


class VerifyLog(AuditorsOnly):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "audit/verify.html", witnesses())

    def post(self, request: HttpRequest) -> HttpResponse:
        """The answer is shown even where it cannot be written down: a damaged log accepts no more lines."""
        verdict = verify()
        recorded = True
        try:
            note(request, "log.verified", size=verdict.lines, outcome="whole" if verdict.whole else "not_whole")
        except LogUnavailable:
            recorded = False
        return render(request, "audit/verify.html", {"verdict": verdict, "recorded": recorded, **witnesses()})


def witnesses() -> dict[str, Any]:
    """The key, the newest checkpoint, and when one was last shipped, each in words where it is missing."""
    try:
        key = fingerprint()
    except SigningKeyMissing as error:
        key = str(error)
    try:
        head = LogHead.objects.filter(pk=THE_HEAD).first()
    except DatabaseError:
        head = None
    return {"rows": [("Fingerprint of the key", key), ("Last shipped", last_shipped())], "head": head}


def last_shipped() -> str:
    """When, by the last line of the file of shipped checkpoints, and for how many lines of the log."""
    path = shipping_file()
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LONGEST_LINE))
            at, _, size, *_ = file.read().decode().splitlines()[-1].split(" ")
        moment = localtime(datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))
        return f"{moment:%-d %B %Y, %H:%M}, for {int(size):,} line{'s' if int(size) != 1 else ''}"
    except FileNotFoundError:
        return "Never yet"
    except (OSError, ValueError, IndexError):
        return "The last line of checkpoints.log cannot be read"
