"""The auditor's page: who could have opened a paper on a day, beside who did. References and names of staff, no content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from dhr import clock as the_clock
from dhr.access.roles import Role
from dhr.audit.line import Line
from dhr.audit.models import AuditEntry
from restricted_docs.filing import change_audience, release_to_panel
from restricted_docs.models import Document
from restricted_docs.reading import download, note_refusal, open_paper
from restricted_docs.vocabulary import Audience
from tests import papers_desk
from tests.cast import Cast, make_cast
from tests.papers_desk import TITLE, VIEW
from tests.performance import auditor as measure
from tests.web.log_desk import damaged, signed_in, write

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAME = "access-log-could-open"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def paper(cast: Cast) -> Document:
    with the_clock.at(MONDAY):
        review = papers_desk.review_with_everybody(cast)
        return papers_desk.paper(review, cast.officer, kind="imr")


@pytest.fixture
def auditor(cast: Cast) -> Client:
    return signed_in(cast.auditor)


def question(paper: Any, day: int = 2) -> dict[str, Any]:
    return {"document": str(paper), "day_day": day, "day_month": 3, "day_year": 2026}


def page(auditor: Client, **asked: Any) -> str:
    answer = auditor.get(reverse(NAME), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def both(text: str) -> tuple[str, str]:
    could, did = text.split("Opened it, or tried to")
    return could.split("Could have opened it")[1], did


def test_both_tables_stand_beside_each_other(
    auditor: Client, cast: Cast, paper: Document, django_capture_on_commit_callbacks: Any
) -> None:
    version = papers_desk.latest(paper)
    with the_clock.at(MONDAY + timedelta(hours=1)):
        b"".join(open_paper(version, by=cast.lead_chair)[0])
        b"".join(open_paper(version, by=cast.lead_chair)[0])
        b"".join(download(version, by=cast.officer, reason="meeting")[0])
        note_refusal(cast.panel_member, VIEW, paper)
    with the_clock.at(MONDAY + timedelta(hours=5)):
        release_to_panel(paper, by=cast.lead_chair)
    could, did = both(page(auditor, **question(paper.pk)))
    for name in (cast.officer.name, cast.lead_chair.name, cast.second_chair.name, cast.author.name):
        assert name in could
    assert "from 09:30" in could
    assert f"{cast.panel_member.name} (account {cast.panel_member.pk})" in could
    assert "open and download versions up to 1" in could
    assert "from 14:30" in could
    assert cast.board_chair.name not in could
    assert cast.stranger.name not in could + did
    assert "Opened version 1" in did
    assert "10:30:00" in did
    assert "Downloaded version 1" in did
    assert "Was refused" in did
    assert cast.author.name not in did


def test_nothing_of_the_paper_is_shown(auditor: Client, paper: Document) -> None:
    text = page(auditor, **question(paper.pk))
    assert TITLE not in text
    assert "Quillfeather" not in text
    assert "Individual management review (IMR) of N-2026-01, filed on 2 March 2026, 09:30." in text


def test_the_look_itself_is_written_down(auditor: Client, cast: Cast, paper: Document) -> None:
    page(auditor)
    page(auditor, **question(paper.pk))
    page(auditor, reference="n-2026-01")
    mine = [
        entry.facts
        for entry in AuditEntry.objects.filter(person=cast.auditor.pk, event__startswith="log.").oldest_first()
    ]
    asked = {"page": "who could open"}
    assert mine == [
        asked,
        asked | {"filters": f"document:{paper.pk}, day:2026-03-02"},
        asked | {"filters": "reference:N-2026-01"},
    ]


def test_a_day_before_it_was_filed_says_so(auditor: Client, paper: Document) -> None:
    text = page(auditor, **question(paper.pk, day=1))
    assert "The log knew no paper with this number on that day." in text
    assert "Could have opened it" not in text


def test_the_papers_of_a_review_can_be_chosen_from(auditor: Client, paper: Document) -> None:
    text = page(auditor, reference="N-2026-01")
    assert f"?document={paper.pk}&amp;day_day=" in text
    assert TITLE not in text
    assert "The log has no paper of a review with this reference." in page(auditor, reference="DHR99")


def test_the_page_of_a_line_leads_here(auditor: Client, cast: Cast, paper: Document) -> None:
    filed = AuditEntry.objects.get(event="document.filed")
    text = auditor.get(reverse("access-log-entry", args=[filed.seq])).content.decode()
    assert f"{reverse(NAME)}?document={paper.pk}&amp;day_day=2&amp;day_month=3&amp;day_year=2026" in text
    joined = AuditEntry.objects.filter(event="membership.joined")[0]
    assert reverse(NAME) not in auditor.get(reverse("access-log-entry", args=[joined.seq])).content.decode()
    assert reverse(NAME) in auditor.get(reverse("access-log-questions")).content.decode()


def test_the_papers_own_page_leads_here_whoever_may_ask_and_nobody_else(cast: Cast, paper: Document) -> None:
    address = reverse("document", args=[paper.review_id, paper.pk])
    with the_clock.at(MONDAY):
        papers_desk.put_on(paper.review, by=cast.officer, user=cast.auditor, role=Role.LEAD_CHAIR)
        shown = signed_in(cast.auditor).get(address).content.decode()
        link = f"{reverse(NAME)}?document={paper.pk}&amp;day_day=2&amp;day_month=3&amp;day_year=2026"
        assert link in shown.split("Who opened this")[1]
        assert "Could have opened it" in signed_in(cast.auditor).get(link.replace("&amp;", "&")).content.decode()
        other = signed_in(cast.officer).get(address).content.decode()
    assert "Who opened this" in other
    assert reverse(NAME) not in other


def test_an_auditor_who_may_open_one_paper_alone_is_led_here_and_shown_no_list(cast: Cast, paper: Document) -> None:
    papers_desk.put_on(paper.review, by=cast.officer, user=cast.auditor, role=Role.BOARD_READER, paper=paper.pk)
    change_audience(paper, by=cast.lead_chair, audience=Audience.BOARD_SIGN_OFF)
    shown = signed_in(cast.auditor).get(reverse("document", args=[paper.review_id, paper.pk])).content.decode()
    assert f"{reverse(NAME)}?document={paper.pk}" in shown.split("Who opened this")[1]
    assert "Nobody has opened it yet" not in shown


def test_somebody_who_opened_it_and_could_not_have_is_pointed_out(auditor: Client, cast: Cast, paper: Document) -> None:
    assert "Somebody opened it who is not in the first list." not in page(auditor, **question(paper.pk))
    about = papers_desk.latest(paper).logged_as()
    write(Line(event="document.opened", person=cast.stranger.pk, version=1, **about), at=MONDAY + timedelta(hours=2))
    text = page(auditor, **question(paper.pk))
    assert "Somebody opened it who is not in the first list." in text
    assert f"<li>{cast.stranger.name}" in text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"document": "8f1e6a52"}, "Enter the whole number of the paper"),
        ({"document": "8f1e6a52-7e0b-4a55-9d54-0c4f3f0a9b11"}, "Enter the day."),
        ({"reference": "Jane Doe"}, "Enter a reference such as DHR12 or N-2026-03."),
        (question("8f1e6a52-7e0b-4a55-9d54-0c4f3f0a9b11") | {"day_year": 2199}, "The day cannot be in the future."),
    ],
)
def test_a_question_that_makes_no_sense_is_not_answered(
    auditor: Client, cast: Cast, asked: dict[str, Any], sentence: str
) -> None:
    answer = auditor.get(reverse(NAME), asked)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AuditEntry.objects.filter(person=cast.auditor.pk, event__startswith="log.").exists()


def test_a_number_that_the_log_does_not_know_is_said_to_be_unknown(auditor: Client) -> None:
    assert "The log knew no paper with this number on that day." in page(
        auditor, **question("8f1e6a52-7e0b-4a55-9d54-0c4f3f0a9b11")
    )


def test_a_line_that_cannot_be_read_breaks_nothing(auditor: Client, paper: Document) -> None:
    damaged("UPDATE audit_entry SET details = '[' WHERE event = 'membership.joined'")
    assert "Something here is not as it was written" in page(auditor, **question(paper.pk))


def test_it_costs_under_twelve_queries(auditor: Client, paper: Document) -> None:
    cost = measure.ask(auditor, "a paper and a day", f"{reverse(NAME)}?{urlencode(question(paper.pk))}")
    assert cost.status == 200
    assert cost.queries < measure.TOO_MANY_QUERIES


def test_only_an_auditor_may_ask(cast: Cast, paper: Document) -> None:
    other = signed_in(cast.officer)
    assert other.get(reverse(NAME), question(paper.pk)).status_code == 403
    assert AuditEntry.objects.filter(event="access.refused", person=cast.officer.pk).count() == 1
