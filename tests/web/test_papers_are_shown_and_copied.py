"""Opening a paper in the browser and taking a copy: what is sent, how it is shut in, and what the log keeps."""

from __future__ import annotations

import pytest
from django.conf import settings

from dhr.access.roles import Role
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs.models import Document
from restricted_docs.vocabulary import Audience
from tests import made_files as made
from tests.cast import Cast
from tests.papers_desk import PDF, paper, put_on, review_with_everybody
from tests.web.paper_pages import at, body
from tests.web.sending import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Document:
    return paper(review, cast.lead_chair)


# opening


def test_a_paper_is_shown_whole_and_shut_in(cast: Cast, document: Document) -> None:
    answer = as_(cast.lead_chair).get(at(document, "document-open", 1))
    assert answer.getvalue() == PDF
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == str(len(PDF))
    name = f"{document.review.reference} other v1.pdf"
    assert headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Accept-Ranges"] == "bytes"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.txt", "Minutes – of the panel".encode(), "text/plain; charset=utf-8"),
        ("a.png", made.png(), "image/png"),
        ("a.jpg", made.jpeg(), "image/jpeg"),
    ],
)
def test_what_a_browser_draws_by_itself_is_shown_in_a_sandbox(
    cast: Cast, review: Review, name: str, content: bytes, media_type: str
) -> None:
    answer = as_(cast.author).get(at(paper(review, cast.officer, content, name), "document-open", 1))
    assert answer.getvalue() == content
    assert answer["Content-Type"] == media_type
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=70000-", 70000, len(PDF)),
        ("bytes=-5", len(PDF) - 5, len(PDF)),
        (f"bytes=-{len(PDF) * 2}", 0, len(PDF)),
        (f"bytes=10-{len(PDF) * 2}", 10, len(PDF)),
    ],
)
def test_a_part_is_given_and_logged_as_that_part(
    cast: Cast, document: Document, asked: str, start: int, end: int
) -> None:
    answer = as_(cast.lead_chair).get(at(document, "document-open", 1), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.getvalue() == PDF[start:end]
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/{len(PDF)}"
    assert answer["Content-Length"] == str(end - start)
    facts = AuditEntry.objects.of_event("document.opened").get().facts
    assert facts == ({} if (start, end) == (0, len(PDF)) else {"first": start, "last": end - 1})


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b"])
def test_a_part_that_makes_no_sense_is_the_whole(cast: Cast, document: Document, asked: str) -> None:
    answer = as_(cast.lead_chair).get(at(document, "document-open", 1), headers={"Range": asked})
    assert (answer.status_code, answer.getvalue()) == (200, PDF)


@pytest.mark.parametrize("asked", [f"bytes={len(PDF)}-", "bytes=-0", "bytes=999999999-"])
def test_a_part_beyond_the_end_is_416_and_opens_nothing(cast: Cast, document: Document, asked: str) -> None:
    answer = as_(cast.lead_chair).get(at(document, "document-open", 1), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(PDF)}")
    assert not AuditEntry.objects.filter(event="document.opened").exists()


def test_a_damaged_paper_is_a_sentence_and_no_part_of_it(cast: Cast, document: Document) -> None:
    name = document.versions.get().blob_name
    path = settings.VAR / "papers" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1])
    answer = as_(cast.lead_chair).get(at(document, "document-open", 1))
    assert answer.status_code in {409, 500, 503}
    assert "Restore it from a backup" in body(answer)
    assert AuditEntry.objects.filter(event="document.opened").count() == 1


def test_only_get_opens_a_paper(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    for method in ("post", "put", "delete", "head", "options"):
        assert getattr(officer, method)(at(document, "document-open", 1)).status_code == 405


# downloading


def test_chairs_and_the_author_get_their_copy_at_once(cast: Cast, document: Document) -> None:
    answer = as_(cast.author).get(at(document, "document-download", 1))
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer.getvalue() == PDF
    assert AuditEntry.objects.of_event("document.downloaded").get().facts == {}


def test_everybody_else_says_why_and_the_log_keeps_it(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    asked = officer.get(at(document, "document-download", 1))
    assert "Why do you need a copy of your own?" in body(asked)
    for wrong in ({}, {"reason": "because"}):
        answer = officer.post(at(document, "document-download", 1), wrong)
        assert answer.status_code == 422
    assert not AuditEntry.objects.filter(event="document.downloaded").exists()
    answer = officer.post(at(document, "document-download", 1), {"reason": "meeting"})
    assert answer.getvalue() == PDF
    assert AuditEntry.objects.of_event("document.downloaded").get().facts == {"reason": "meeting"}


def test_what_a_browser_cannot_show_leads_to_where_it_is_read(cast: Cast, review: Review) -> None:
    letter = paper(review, cast.lead_chair, b"Agency,Due\n", "list.csv")
    answer = as_(cast.officer).get(at(letter, "document-open", 1))
    assert (answer.status_code, answer["Location"]) == (302, at(letter, "document-read", 1))


def test_what_is_for_reading_with_the_family_offers_no_copy(cast: Cast, review: Review) -> None:
    letter = paper(review, cast.lead_chair, audience=Audience.FAMILY_READING)
    chair = as_(cast.lead_chair)
    assert "Download" not in body(chair.get(at(letter)))
    assert chair.get(at(letter, "document-download", 1)).status_code == 403
    assert chair.get(at(letter, "document-open", 1))["Location"] == at(letter, "document-page", 1, 1)


def test_a_named_board_member_reads_the_one_paper_and_takes_no_copy(cast: Cast, review: Review) -> None:
    report, other = (paper(review, cast.lead_chair, audience=Audience.BOARD_SIGN_OFF) for _ in range(2))
    put_on(review, by=cast.officer, user=cast.board_member, role=Role.BOARD_READER, paper=report.pk)
    member = as_(cast.board_member)
    assert member.get(at(report, "document-open", 1))["Location"] == at(report, "document-page", 1, 1)
    assert member.get(at(report, "document-page", 1, 1)).status_code == 200
    shown = body(member.get(at(report)))
    assert "Who opened this" not in shown
    assert "What you can do" not in shown
    assert member.get(at(report, "document-download", 1)).status_code == 403
    assert member.get(at(other)).status_code == 404
