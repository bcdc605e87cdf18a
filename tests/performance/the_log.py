"""The access log's own speed: a line beside a plain row, and the check of the whole log beside a bare SHA-256 of its bytes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction

from dhr.audit import log
from dhr.audit.entry_bytes import entry_bytes
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.clock import now

from .models import PlainAudit, PlainReview

LINES = 20_000  # what the check walks over


def ways_of_the_log(person: Any) -> dict[str, Callable[[], Any]]:
    """Each way by name. A line and a row are each a transaction of their own."""
    review = PlainReview.objects.create(status="panel")
    line = Line(event="review.viewed", person=person.pk, review=uuid4(), reference="DHR12", details={"page": "details"})
    fill(line)

    def a_line() -> None:
        with transaction.atomic(durable=True):
            log.append([line])

    def a_row() -> None:
        with transaction.atomic(durable=True):
            PlainAudit.objects.create(review=review, by=person, status="panel", at=now())

    def check() -> None:
        if not verify().whole:
            raise RuntimeError("The log is not whole.")

    names = inspect.signature(entry_bytes).parameters
    leaves = [
        b"\0" + entry_bytes(**{name: getattr(entry, name) for name in names}) for entry in AuditEntry.objects.all()
    ]

    def only_hash() -> None:
        for leaf in leaves:
            sha256(leaf).digest()

    return {"log line": a_line, "plain row": a_row, "check of the log": check, "SHA-256 of its bytes": only_hash}


def fill(line: Line) -> None:
    """Enough lines to time the check over, appended a thousand at a time."""
    for _ in range(LINES // 1_000):
        with transaction.atomic(durable=True):
            log.append([line] * 1_000)
