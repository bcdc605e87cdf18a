"""Reading a paper here: its words by our own template, one line in the log each time, and a password that nothing keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs.sandbox import asking
from tests import locked_odt
from tests import made_files as made
from tests.cast import Cast
from tests.papers_desk import paper, review_with_everybody
from tests.unit.test_renditions import locked_docx, locked_pdf
from tests.web.paper_pages import at, body
from tests.web.sending import as_

pytestmark = pytest.mark.django_db
ACTIVE = "<b onmouseover=alert(1)>bold</b>"


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", made.docx(made.paragraph("What happened", "Heading1"), made.paragraph("First.")), "First."),
        ("a.docm", made.docm(made.paragraph("Behind macros.")), "Behind macros."),
        ("a.doc", made.doc(), "The second one."),
        ("a.odt", made.odt("<text:p>Open text.</text:p>"), "Open text."),
        ("a.xlsx", made.xlsx('<row><c t="inlineStr"><is><t>A cell.</t></is></c></row>'), "A cell."),
        ("a.csv", b"When,What\n1 May,A call\n", "A call"),
        ("a.eml", made.EML, "Kind regards"),
        ("a.msg", made.msg(), "Kind regards"),
    ],
)
def test_a_paper_is_read_here_and_the_log_says_how(
    cast: Cast, review: Review, name: str, content: bytes, words: str
) -> None:
    document = paper(review, cast.lead_chair, content, name)
    desk = as_(cast.officer)
    assert at(document, "document-read", 1) in body(desk.get(at(document)))
    answer = desk.get(at(document, "document-read", 1))
    assert answer.status_code == 200
    assert words in body(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    line = AuditEntry.objects.of_event("document.opened").get()
    assert (line.person, line.version, line.facts) == (cast.officer.pk, 1, {"how": "rendition"})


def test_each_page_names_its_reader_and_its_line_in_the_log(cast: Cast, review: Review) -> None:
    document = paper(review, cast.lead_chair, made.docx(made.paragraph("First.")), "a.docx")
    shown = body(as_(cast.officer).get(at(document, "document-read", 1)))
    line = AuditEntry.objects.of_event("document.opened").latest("seq")
    assert line.person == cast.officer.pk
    assert shown.count(f"Read by {cast.officer.name}.") == 2
    assert shown.count(f"Access log line {line.seq}.") == 2
    stamped = shown.split('<svg class="dhr-watermark" aria-hidden="true"')[1].split("</svg>")[0]
    assert re.findall(r"<text [^>]+>([^<]*)</text>", stamped) == [
        cast.officer.name,
        f"{timezone.localtime(line.at):%-d %B %Y at %H:%M}",
        f"Access log line {line.seq}",
    ]


def test_nothing_of_the_file_is_markup_on_the_page(cast: Cast, review: Review) -> None:
    escaped = ACTIVE.replace("<", "&lt;").replace(">", "&gt;")
    table = f"<w:tbl><w:tr><w:tc>{made.paragraph(escaped)}</w:tc></w:tr></w:tbl>"
    document = paper(
        review,
        cast.lead_chair,
        made.docx(made.paragraph(escaped, "Heading1"), made.paragraph(escaped), table),
        "a.docx",
    )
    shown = body(as_(cast.officer).get(at(document, "document-read", 1)))
    assert shown.count("&lt;b onmouseover=alert(1)&gt;") == 3
    assert ACTIVE not in shown


def test_what_is_attached_is_listed_by_type_and_size_alone(cast: Cast, review: Review) -> None:
    shown = body(as_(cast.officer).get(at(paper(review, cast.lead_chair, made.msg(), "a.msg"), "document-read", 1)))
    assert "ZIP, 1.4" in shown
    assert "secret-name" not in shown


def test_who_may_not_open_it_may_not_read_it(cast: Cast, review: Review) -> None:
    document = paper(review, cast.lead_chair, made.docx(), "a.docx")
    assert as_(cast.panel_member).get(at(document, "document-read", 1)).status_code == 403
    assert as_(cast.stranger).get(at(document, "document-read", 1)).status_code == 404
    assert as_(cast.officer).get(at(document, "document-read", 2)).status_code == 404
    assert not AuditEntry.objects.of_event("document.opened").exists()


def test_opening_leads_to_where_it_is_read_and_the_other_way_round(cast: Cast, review: Review) -> None:
    desk = as_(cast.officer)
    report = paper(review, cast.lead_chair, made.docx(), "a.docx")
    assert desk.get(at(report, "document-open", 1)).headers["Location"] == at(report, "document-read", 1)
    plain = paper(review, cast.lead_chair, made.pdf(), "a.pdf")
    assert desk.get(at(plain, "document-read", 1)).headers["Location"] == at(plain, "document-open", 1)
    assert desk.post(at(plain, "document-read", 1), {"password": "x"}).status_code == 422


def test_a_pdf_that_could_act_is_never_handed_to_the_browser(cast: Cast, review: Review) -> None:
    document = paper(review, cast.lead_chair, made.pdf(b"<</S/JavaScript/JS(x)>>"), "a.pdf")
    desk = as_(cast.officer)
    assert desk.get(at(document, "document-open", 1)).status_code == 302
    shown = body(desk.get(at(document, "document-read", 1)))
    assert "Has JavaScript. It is never run here." in shown
    assert "No text could be found in this file." in shown
    assert at(document, "document-download", 1) in shown


LOCKED = {
    "a.docx": locked_docx("open sesame"),
    "a.pdf": locked_pdf("open sesame"),
    "a.odt": locked_odt.as_a_whole("open sesame", made.odt("<text:p>Behind the lock.</text:p>")),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_locked_paper_asks_for_its_password_once_and_nothing_keeps_it(
    cast: Cast, review: Review, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    document = paper(review, cast.lead_chair, LOCKED[name], name)
    desk, url = as_(cast.officer), at(document, "document-read", 1)
    asked = body(desk.get(url))
    assert 'autocomplete="off"' in asked
    assert 'type="password"' in asked
    assert not AuditEntry.objects.of_event("document.opened").exists()
    empty = desk.post(url, {"password": ""})
    assert (empty.status_code, "Enter the password of the file." in body(empty)) == (422, True)
    wrong = desk.post(url, {"password": "open says me"})
    assert (wrong.status_code, "The password does not open this file." in body(wrong)) == (422, True)
    assert "open says me" not in body(wrong)
    right = desk.post(url, {"password": "open sesame"})
    assert (right.status_code, "Behind the lock." in body(right)) == (200, True)
    assert "open sesame" not in body(right)
    assert "Is locked with a password." in body(right)
    assert AuditEntry.objects.of_event("document.opened").count() == 2
    assert "open" not in caplog.text
    assert not [row for row in Session.objects.all() if "sesame" in str(row.get_decoded())]
    for path in Path(settings.VAR).rglob("*"):
        assert not (path.is_file() and b"open sesame" in path.read_bytes()), path


def test_a_file_that_takes_the_process_down_takes_nothing_else_down(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = paper(review, cast.lead_chair, made.docx(), "a.docx")
    for program in ("raise SystemExit", "import os; os.write(1, b'A' + bytes([0, 0, 0, 12]) + b'{\"blocks\":3}')"):
        monkeypatch.setattr(asking, "START", program)
        answer = as_(cast.officer).get(at(document, "document-read", 1))
        assert answer.status_code == 200
        assert "took too much time or memory" in body(answer)


def test_a_member_without_copies_is_told_whom_to_ask(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer, made.doc(" \r"), "a.doc", audience="family_reading")
    shown = body(as_(cast.officer).get(at(document, "document-read", 1)))
    assert "No text could be found in this file." in shown
    assert "ask the officer of the review" in shown
    assert at(document, "document-download", 1) not in shown


def test_a_paper_that_is_too_long_says_that_it_goes_on(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("restricted_docs.rendered.ask", lambda job, paper: {"blocks": [], "cut": True})
    document = paper(review, cast.lead_chair, b"a,b\n", "a.csv")
    assert "The file goes on from here" in body(as_(cast.officer).get(at(document, "document-read", 1)))
