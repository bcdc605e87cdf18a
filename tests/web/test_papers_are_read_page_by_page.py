"""Reading a paper page by page: a line in the log for each page, its number on the page, and nothing that gives a copy away."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.utils import timezone

from dhr.access.roles import Role
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs.filing import release_to_panel
from restricted_docs.models import Document
from restricted_docs.page_images import opening
from restricted_docs.restricting import propose_restriction
from restricted_docs.sandbox import asking
from restricted_docs.vocabulary import Audience
from tests import made_files as made
from tests import paged_files as paged
from tests.cast import Cast
from tests.papers_desk import paper, put_on, review_with_everybody
from tests.unit.test_renditions import locked_pdf
from tests.web.paper_pages import at, body
from tests.web.sending import as_

pytestmark = pytest.mark.django_db
REPORT = paged.text_pdf("The first page", "The second & last page")
PNG = paged.picture("PNG")
IMAGE = re.compile(r'<img src="data:image/jpeg;base64,([A-Za-z0-9+/=]+)" alt="([^"]*)">')


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Document:
    return paper(review, cast.lead_chair, REPORT)


def page(document: Document, number: int, name: str = "document-page", version: int = 1) -> str:
    return at(document, name, version, number)


def opened() -> list[tuple[int, int, dict[str, Any]]]:
    return [
        (one.person, one.version, one.facts) for one in AuditEntry.objects.of_event("document.opened").order_by("seq")
    ]


# a page


def test_a_page_is_shown_with_its_place_and_the_way_on_and_is_one_line_in_the_log(
    cast: Cast, document: Document
) -> None:
    officer = as_(cast.officer)
    assert f'href="{page(document, 1)}"' in body(officer.get(at(document)))
    answer = officer.get(page(document, 1))
    shown = body(answer)
    assert answer.status_code == 200
    assert "Page 1 of 2" in shown
    assert IMAGE.findall(shown)[0][1] == f"Page 1 of 2 of {document.review.reference}, Another document, version 1"
    assert f'href="{page(document, 2)}#page"' in shown
    assert "Previous page" not in shown
    assert opened() == [(cast.officer.pk, 1, {"how": "page_image", "page": 1})]
    last = body(officer.get(page(document, 2)))
    assert f'href="{page(document, 1)}#page"' in last
    assert "Next page" not in last
    assert [facts["page"] for _, _, facts in opened()] == [1, 2]


def test_what_is_drawn_on_the_page_is_its_reader_the_moment_and_the_line_of_the_log(
    cast: Cast, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = mock.Mock(wraps=asking.ask)
    monkeypatch.setattr(opening, "ask", asked)
    shown = body(as_(cast.author).get(page(document, 2)))
    line = AuditEntry.objects.of_event("document.opened").get()
    moment = timezone.localtime(line.at)
    mark = [f"{moment.day} {moment:%B %Y} at {moment:%H:%M}", f"Access log line {line.seq}"]
    job = asked.call_args.args[0]
    assert (job["name"], job["marks"], job["page"]) == (cast.author.name, mark, 2)
    assert settings.TIME_ZONE == "Europe/London"
    assert f"opened for {cast.author.name}, {', '.join(mark)}." in shown


def test_the_line_is_committed_before_anything_is_asked_of_the_vault(
    cast: Cast, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[int] = []

    def count(*_: Any) -> None:
        lines.append(AuditEntry.objects.of_event("document.opened").count())
        raise asking.NoAnswer

    monkeypatch.setattr(opening, "ask", count)
    shown = body(as_(cast.officer).get(page(document, 1)))
    assert lines == [1]
    assert "took too much time or memory" in shown
    assert at(document, "document-download", 1) in shown


def test_a_page_is_kept_nowhere_and_its_policy_lets_in_nothing_but_itself(cast: Cast, document: Document) -> None:
    answer = as_(cast.officer).get(page(document, 1))
    assert "no-store" in answer["Cache-Control"]
    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "script-src 'self'", "img-src 'self' data:"} <= policy
    words = as_(cast.officer).get(page(document, 1, "document-page-text"))
    assert "no-store" in words["Cache-Control"]
    assert "data:" not in words["Content-Security-Policy"]


def test_a_page_can_be_made_larger_and_the_way_on_keeps_it_so(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    usual, large = (body(officer.get(page(document, 1) + query)) for query in ("", "?size=large"))
    assert f'href="{page(document, 1)}?size=large#page"' in usual
    assert f'href="{page(document, 2)}?size=large#page"' in large
    assert len(IMAGE.findall(large)[0][0]) > 1.3 * len(IMAGE.findall(usual)[0][0])
    assert len(opened()) == 2


def test_a_long_paper_lists_its_first_and_last_page_and_those_beside_this_one(cast: Cast, review: Review) -> None:
    long = paper(review, cast.lead_chair, paged.text_pdf(*map(str, range(30)), packed=True))
    shown = body(as_(cast.officer).get(page(long, 15)))
    listed = re.findall(r'aria-label="Page (\d+)"', shown)
    assert listed == ["1", "14", "15", "16", "30"]


# as text


def test_a_page_is_read_as_text_and_that_too_is_a_line_in_the_log(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    assert f'href="{page(document, 2, "document-page-text")}"' in body(officer.get(page(document, 2)))
    shown = body(officer.get(page(document, 2, "document-page-text")))
    assert "The second &amp; last page" in shown
    assert "Page 2 of 2" in shown
    assert f'href="{page(document, 2)}"' in shown
    assert opened()[-1][2] == {"how": "page_text", "page": 2}


def test_nothing_in_the_words_of_a_page_is_markup(cast: Cast, review: Review) -> None:
    active = "<img src=x onerror=alert(1)>"
    for content, name in (
        (paged.text_pdf(active.replace("(", r"\(").replace(")", r"\)")), "a.pdf"),
        (active.encode(), "a.txt"),
    ):
        shown = body(as_(cast.officer).get(page(paper(review, cast.officer, content, name), 1, "document-page-text")))
        assert "&lt;img src=x onerror=alert(1)&gt;" in shown
        assert active not in shown


def test_a_text_file_is_read_as_text(cast: Cast, review: Review) -> None:
    minutes = paper(review, cast.lead_chair, "\n".join(f"Line {n}" for n in range(100)).encode(), "minutes.txt")
    officer = as_(cast.officer)
    first = page(minutes, 1, "document-page-text")
    assert f'href="{first}"' in body(officer.get(at(minutes)))
    assert officer.get(page(minutes, 1))["Location"] == first
    shown = body(officer.get(first))
    assert "Line 59" in shown
    assert "Line 60" not in shown
    assert "as an image" not in shown
    assert "Line 60" in body(officer.get(page(minutes, 2, "document-page-text")))


@pytest.mark.parametrize(("content", "name"), [(PNG, "a.png"), (paged.photo_on_its_side(), "a.jpg")])
def test_a_picture_is_one_page_without_words(cast: Cast, review: Review, content: bytes, name: str) -> None:
    photograph = paper(review, cast.lead_chair, content, name)
    officer = as_(cast.officer)
    shown = body(officer.get(page(photograph, 1)))
    assert "Page 1 of 1" in shown
    assert "govuk-pagination" not in shown
    assert "no words on this page" in body(officer.get(page(photograph, 1, "document-page-text")))


# no page


def test_a_page_that_is_not_there_is_a_sentence(cast: Cast, document: Document) -> None:
    officer = as_(cast.officer)
    for name in ("document-page", "document-page-text"):
        answer = officer.get(page(document, 3, name))
        assert answer.status_code == 404
        assert "There is no page 3: this file has 2 pages." in body(answer)
        assert f'href="{page(document, 1, name)}"' in body(answer)
    assert len(opened()) == 2
    for never in (0, 100_000, 10**30):
        assert officer.get(page(document, never)).status_code == 404
    assert officer.get(page(document, 1, version=2)).status_code == 404
    assert len(opened()) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made.pdf(trailer=b"/Root 1 0 R/Prev 99999999").replace(b"/Kids[3 0 R]", b"/Kids[9 0 R]"), "cannot be drawn"),
        (locked_pdf("open sesame"), "locked with a password"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_a_sentence_and_an_offer(
    cast: Cast, review: Review, content: bytes, words: str
) -> None:
    damaged = paper(review, cast.lead_chair, content)
    shown = as_(cast.author).get(page(damaged, 1))
    assert shown.status_code == 200
    assert words in body(shown)
    assert f'href="{at(damaged, "document-download", 1)}"' in body(shown)
    assert (f'href="{at(damaged, "document-read", 1)}"' in body(shown)) == ("password" in words)


def test_a_paper_that_was_changed_on_the_disk_is_a_sentence_and_no_page(cast: Cast, document: Document) -> None:
    name = document.versions.get().blob_name
    path = settings.VAR / "papers" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1])
    answer = as_(cast.officer).get(page(document, 1))
    assert answer.status_code in {409, 500, 503}
    assert "Restore it from a backup" in body(answer)
    assert not IMAGE.search(body(answer))


def test_a_picture_that_is_a_bomb_is_a_sentence(cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a file is not taken in any more; one that was filed before is not unpacked."""
    bomb = paper(review, cast.lead_chair, PNG, "a.png")
    monkeypatch.setattr(opening, "ask", lambda job, paper: {"trouble": "too_large", "pages": 1})
    assert "too large to be shown here" in body(as_(cast.officer).get(page(bomb, 1)))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"pages": "x", "image": "", "width": 1, "height": 1},
        {"pages": 1, "image": "<script>", "width": 1, "height": 1},
        {"pages": 1, "image": "PHN2Zz4=", "width": 1, "height": 1},
        {"trouble": "<script>", "pages": 1},
        {"trouble": "no_such_page", "pages": None},
    ],
)
def test_nothing_that_the_process_next_door_makes_up_reaches_the_page(
    cast: Cast, document: Document, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    monkeypatch.setattr(opening, "ask", lambda job, paper: answer)
    shown = as_(cast.officer).get(page(document, 1))
    assert shown.status_code == 200
    assert "took too much time or memory" in body(shown)
    assert "<script>" not in body(shown)
    assert "PHN2Zz4=" not in body(shown)


# who


def test_who_may_not_open_it_reads_no_page_of_it(cast: Cast, document: Document) -> None:
    for name in ("document-page", "document-page-text"):
        assert as_(cast.panel_member).get(page(document, 1, name)).status_code == 403
        assert as_(cast.stranger).get(page(document, 1, name)).status_code == 404
        assert as_(cast.officer).post(page(document, 1, name)).status_code == 405
    assert opened() == []
    assert AuditEntry.objects.of_event("access.refused").count() == 4


def test_the_panel_reads_no_page_of_a_version_that_is_not_released(cast: Cast, document: Document) -> None:
    from restricted_docs.filing import add_version
    from restricted_docs.upload import take_in

    release_to_panel(document, by=cast.lead_chair)
    second = take_in(document.review, "second.pdf", REPORT, document=document)
    add_version(document, by=cast.lead_chair, upload=second)
    panel = as_(cast.panel_member)
    assert panel.get(page(document, 1)).status_code == 200
    assert panel.get(page(document, 1, version=2)).status_code == 403
    assert len(opened()) == 1


# the whole file is a copy


@pytest.mark.parametrize(
    ("audience", "whole", "pages"),
    [
        (Audience.OFFICERS_AND_CHAIRS, {"lead_chair", "second_chair", "author"}, {"officer"}),
        (Audience.PANEL, {"lead_chair", "second_chair", "author"}, {"officer", "panel_member"}),
        (Audience.LEGAL, {"lead_chair", "second_chair"}, {"officer"}),
        (Audience.FAMILY_READING, set(), {"officer", "lead_chair", "second_chair"}),
        (Audience.BOARD_SIGN_OFF, {"lead_chair", "second_chair", "author"}, {"officer", "board_chair", "board_member"}),
    ],
)
def test_the_browser_gets_the_file_only_where_a_copy_is_due_without_a_reason(
    cast: Cast, review: Review, audience: Audience, whole: set[str], pages: set[str]
) -> None:
    report = paper(review, cast.lead_chair, REPORT, audience=audience)
    if audience == Audience.PANEL:
        release_to_panel(report, by=cast.lead_chair)
    put_on(review, by=cast.officer, user=cast.board_member, role=Role.BOARD_READER, paper=report.pk)
    found: dict[str, set[str]] = {"whole": set(), "pages": set()}
    for person in ("officer", "lead_chair", "second_chair", "author", "panel_member", "board_chair", "board_member"):
        desk = as_(getattr(cast, person))
        answer = desk.get(at(report, "document-open", 1))
        if answer.status_code == 200:
            assert answer.getvalue() == REPORT
            found["whole"].add(person)
        elif answer.status_code == 302:
            assert answer["Location"] == page(report, 1)
            found["pages"].add(person)
    assert found == {"whole": whole, "pages": pages}
    for person in whole | pages:
        shown = body(as_(getattr(cast, person)).get(page(report, 1)))
        assert (at(report, "document-open", 1) in shown) == (person in whole), person


def test_the_monitoring_officer_reads_a_proposal_by_its_pages(cast: Cast, document: Document) -> None:
    propose_restriction(document, by=cast.author, paragraphs=[7], public_interest="The trial is still to come.")
    desk = as_(cast.monitoring)
    assert desk.get(at(document, "document-open", 1))["Location"] == page(document, 1)
    assert IMAGE.search(body(desk.get(page(document, 1))))
    refused = desk.get(at(document, "document-download", 1))
    assert refused.status_code == 403
    assert "can tell you who can help" in body(refused)


@pytest.mark.parametrize(("content", "name"), [(PNG, "a.png"), (b"Minutes", "a.txt"), (REPORT, "a.pdf")])
def test_no_kind_of_file_is_handed_over_to_who_must_say_why(
    cast: Cast, review: Review, content: bytes, name: str
) -> None:
    minutes = paper(review, cast.lead_chair, content, name)
    assert as_(cast.officer).get(at(minutes, "document-open", 1)).status_code == 302
    assert as_(cast.author).get(at(minutes, "document-open", 1)).getvalue() == content


def test_a_pdf_in_which_something_could_act_is_shown_in_pages_to_everybody(cast: Cast, review: Review) -> None:
    active = paper(review, cast.lead_chair, paged.with_everything_that_acts())
    desk = as_(cast.lead_chair)
    assert desk.get(at(active, "document-open", 1))["Location"] == page(active, 1)
    shown = body(desk.get(page(active, 1)))
    assert IMAGE.search(shown)
    assert "alert" not in shown
    assert at(active, "document-open", 1) not in shown


def test_every_other_kind_leads_to_where_it_is_read(cast: Cast, review: Review) -> None:
    letter = paper(review, cast.lead_chair, made.docx(), "a.docx")
    for name in ("document-page", "document-page-text"):
        assert as_(cast.officer).get(page(letter, 1, name))["Location"] == at(letter, "document-read", 1)
    assert opened() == []
