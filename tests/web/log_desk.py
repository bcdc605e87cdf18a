"""What the tests of the auditor's pages share: invented lines, a way to damage them, and how to read an answer."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import include, path

from dhr import clock
from dhr.access.roles import ROLE_NAMES, Standing
from dhr.accounts import menu as accounts_menu
from dhr.accounts.models import StandingRole, User
from dhr.audit import checkpoints, log, menu, shipping, triggers
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.govuk import navigation

urlpatterns = [path("", include("dhr.accounts.urls")), path("", include("dhr.audit.urls"))]
handler404 = "dhr.accounts.views.faults.not_found"

REVIEW = UUID("0b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
OTHER = UUID("1b5c1c5e-3f0e-4f4e-9a43-0d3f6f3a1c2d")
PAPER = "8f1e6a52-7e0b-4a55-9d54-0c4f3f0a9b11"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 12, tzinfo=UTC)  # an ordinary working day
JUNE = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 1 July in London
PANEL = ROLE_NAMES["panel_member"]


def a_log_of_its_own(folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and checkpoints in this folder, and a menu of nothing but what has an address here."""
    settings.VAR = folder
    checkpoints.make_signing_key()
    shipping.forget_hour()
    monkeypatch.setattr(navigation, "_contributions", [accounts_menu.items, menu.items])


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def person(name: str, *roles: Standing, **fields: Any) -> User:
    made = User.objects.create_user(f"{name.lower()}@example.org", f"{name} Example", **fields)
    for role in roles:
        StandingRole.objects.create(user=made, role=role, starts_on="2020-01-01")
    return made


def write(*lines: Line, at: datetime = NOON) -> list[AuditEntry]:
    with clock.at(at), transaction.atomic():
        return log.append(lines)


def viewed(who: User, reference: str = "DHR12", review: UUID = REVIEW, **more: Any) -> Line:
    return Line(event="review.viewed", person=who.pk, review=review, reference=reference, **more)


def opened(who: User, **more: Any) -> Line:
    return Line(
        event="document.opened", person=who.pk, review=REVIEW, reference="DHR12",
        object="document", object_id=PAPER, version=2, details={"page": 3}, **more,
    )  # fmt: skip


def invited(who: User, whom: User) -> Line:
    return Line(event="account.invited", person=who.pk, details={"whom": whom.pk})


def fact(event: str, by: User | None, review: Any = REVIEW, **details: Any) -> Line:
    about = {"review": review, "reference": "DHR12"} if review else {}
    return Line(event=event, person=by.pk if by else None, details=details, **about)


def joined(who: User, whom: User, role: str = PANEL, review: Any = REVIEW, **more: Any) -> Line:
    return fact("membership.joined", who, review, whom=whom.pk, role=role, from_on="2026-03-03", **more)


def left(who: User, whom: User, role: str = PANEL, review: Any = REVIEW, **more: Any) -> Line:
    return fact("membership.ended", who, review, whom=whom.pk, role=role, **more)


def refused(who: User, review: Any = REVIEW) -> Line:
    return fact("access.refused", who, review, permission="reviews.view_review")


def about(event: str, by: User, whom: User, **details: Any) -> Line:
    return Line(
        event=event, person=by.pk, object="person", object_id=str(whom.pk), details={"whom": whom.pk, **details}
    )


def shown(answer: Any) -> list[int]:
    """The numbers of the lines on the page, in its order."""
    return [int(found) for found in re.findall(r'href="/access-log/(\d+)/"', answer.content.decode())]


def asked_by(aud: User) -> list[tuple[str, dict[str, Any]]]:
    mine = AuditEntry.objects.filter(person=aud.pk).oldest_first()
    return [(entry.event, entry.facts) for entry in mine if not entry.event.startswith("account.")]


def damaged(sql: str, *values: Any) -> None:
    """What somebody with the database in hand could do."""
    connection.check_constraints()  # PostgreSQL refuses to change a table with checks outstanding
    triggers.remove()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    triggers.install()


def table(answer: Any) -> list[dict[str, str]]:
    body = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))
