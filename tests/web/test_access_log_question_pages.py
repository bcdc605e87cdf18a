"""The pages of the canned questions: the list they open, its further pages and files, and how often each was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dhr import clock as the_clock
from dhr.access.roles import Standing
from dhr.accounts.models import User
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from dhr.audit.questions import QUESTIONS
from dhr.audit.questions.one_person import DECIDED, ENTERED, SIGNED_OFF
from dhr.audit.views import questions as page
from tests.web.log_desk import (
    PAPER,
    REVIEW,
    TUESDAY,
    a_log_of_its_own,
    about,
    asked_by,
    damaged,
    fact,
    joined,
    left,
    person,
    refused,
    shown,
    signed_in,
    table,
    viewed,
    write,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.log_desk")]
THREE = (ENTERED, DECIDED, SIGNED_OFF)


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_log_of_its_own(tmp_path, settings, monkeypatch)


@pytest.fixture(autouse=True)
def _now(clock: Callable[[datetime], None]) -> None:
    clock(datetime(2026, 9, 1, 11, tzinfo=UTC))  # a working day after all of it, so that the auditor's own look is none


@pytest.fixture
def olu() -> User:
    return person("Olu", Standing.COMMUNITY_SAFETY_OFFICER)


@pytest.fixture
def rowan() -> User:
    return person("Rowan")


@pytest.fixture
def auditor() -> Client:
    return signed_in(person("Aud", Standing.AUDITOR))


def answer(code: str) -> list[int]:
    """The numbers of the lines, oldest first."""
    return sorted(QUESTIONS[code].find(AuditEntry.objects.all()).values_list("seq", flat=True))


def test_a_question_opens_the_list_which_can_be_narrowed_and_downloaded(
    auditor: Client, olu: User, rowan: User
) -> None:
    mine, theirs = write(refused(olu), refused(rowan))
    write(viewed(olu))
    found = auditor.get(reverse("access-log"), {"question": "refused", "person": olu.pk})
    assert shown(found) == [mine.seq]
    assert QUESTIONS["refused"].tells in found.content.decode()
    rows = table(auditor.get(reverse("access-log-export"), {"question": "refused"}))
    assert [int(row["line"]) for row in rows] == [theirs.seq, mine.seq]
    told = f"question:refused, person:{olu.pk}"
    aud = User.objects.get(email="aud@example.org")
    assert asked_by(aud)[0] == ("log.viewed", {"filters": told})


@pytest.mark.parametrize("code", QUESTIONS)
def test_every_question_answers_page_by_page_without_a_gap_or_a_repeat(
    auditor: Client, olu: User, rowan: User, code: str
) -> None:
    write(joined(olu, rowan), at=TUESDAY - timedelta(days=1))
    write(left(olu, rowan), about("account.deactivated", olu, rowan), at=TUESDAY)
    night = datetime(2026, 3, 8, 1, tzinfo=UTC)
    write(*(fact(event, rowan) for event in THREE), at=night)
    for number in range(60):
        line = Line(
            event="identity.revealed", person=rowan.pk, on_behalf_of=olu.pk, review=REVIEW, object_id=f"n{number}"
        )
        write(line, refused(rowan), fact(THREE[2], rowan), Line(event="keys.rotated", person=olu.pk), at=night)
    first = auditor.get(reverse("access-log"), {"question": code})
    found = shown(first)
    second = shown(auditor.get(reverse("access-log"), {"question": code, "before": found[-1]}))
    assert len(found) == 50
    assert found + second == sorted(answer(code), reverse=True)[: 50 + len(second)]
    assert second


def test_the_page_of_questions_counts_the_last_thirty_days(auditor: Client, olu: User) -> None:
    now = the_clock.now()
    write(refused(olu), at=now - timedelta(days=31))
    write(refused(olu), refused(olu), at=now - timedelta(days=29))
    found = auditor.get(reverse("access-log-questions")).content.decode()
    for question in QUESTIONS.values():
        assert f"?question={question.code}" in found
        assert question.tells in found
    assert "?question=refused&amp;since_day=3&amp;since_month=8&amp;since_year=2026" in found
    row = found[found.index("question=refused&amp;since_day") :][:120]
    assert ">2</a>" in row
    assert asked_by(User.objects.get(email="aud@example.org")) == [("log.viewed", {"page": "questions"})]


def test_a_count_goes_no_further_than_it_must(auditor: Client, olu: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST", 2)
    write(refused(olu), refused(olu), refused(olu), at=the_clock.now() - timedelta(days=2))
    assert b"more than 2" in auditor.get(reverse("access-log-questions")).content


def test_only_an_auditor_sees_the_questions(olu: User) -> None:
    other = signed_in(olu)
    for name in ("access-log-questions", "access-log-spreadsheet"):
        assert other.get(reverse(name)).status_code == 403
    assert AuditEntry.objects.filter(event="access.refused", person=olu.pk).count() == 2


def test_a_line_that_cannot_be_read_breaks_no_question(auditor: Client, olu: User, rowan: User) -> None:
    write(joined(olu, rowan))
    damaged("UPDATE audit_entry SET details = '[' WHERE event = 'membership.joined'")
    assert b"Something here is not as it was written" in auditor.get("/access-log/?question=after_leaving").content
    assert auditor.get(reverse("access-log-export"), {"question": "after_leaving"}).status_code == 409
    assert PAPER not in auditor.get(reverse("access-log-questions")).content.decode()
