"""Uploads of every kind, from the form to the document's page: taken as received, what is in them told, the wrong ones gone."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from dhr.access.roles import Role
from dhr.audit.models import AuditEntry
from dhr.clock import now, today
from dhr.reviews.commissioning import ask_agency
from dhr.reviews.models import Review
from restricted_docs.models import Document, ParkedUpload
from restricted_docs.sandbox import asking
from tests import made_files as made
from tests.cast import Cast, make_cast
from tests.papers_desk import put_on, review_with_everybody

from .sending import as_
from .test_upload import body as text
from .test_upload import form, page, papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return as_(cast.officer)


KINDS = {
    "report.docx": (made.docx(), []),
    "report.docm": (made.docm(), ["macros"]),
    "report.odt": (made.odt("<text:p>Text</text:p>"), []),
    "chronology.xlsx": (made.xlsx(""), []),
    "chronology.csv": (b"When,What\n1 May,=cmd()\n", ["formulas"]),
    "scan.png": (made.png(behind=b"more"), ["more_behind"]),
    "scan.jpeg": (made.jpeg(), []),
    "old.doc": (made.doc(), []),
    "locked.docx": (made.ENCRYPTED_PACKAGE, ["password"]),
    "mail.msg": (made.msg(), ["embedded_files"]),
    "mail.eml": (made.EML, ["embedded_files"]),
    "report.pdf": (made.pdf(b"<</S/JavaScript>>"), ["javascript"]),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_sealed_as_received_and_its_page_tells_what_is_in_it(name: str, desk: Client, review: Review) -> None:
    content, findings = KINDS[name]
    answer = desk.post(page(review), form(content, name), follow=True)
    version = Document.objects.get().versions.get()
    assert (version.size, version.findings) == (len(content), findings)
    shown = text(desk.get(reverse("document", args=[review.pk, version.document_id])))
    assert answer.status_code == 200
    told = {"macros": "They are never run here.", "password": "Is locked with a password."}
    for code, sentence in told.items():
        assert (sentence in shown) == (code in findings)


def test_looking_into_a_file_is_a_line_of_the_log_and_streaming_by_is_none(desk: Client, review: Review) -> None:
    desk.post(page(review), form(made.docx(), "report.docx"))
    line = AuditEntry.objects.get(event="document.checked")
    document = Document.objects.get()
    assert (line.person, line.review, line.object_id) == (None, review.pk, str(document.pk))
    desk.post(page(review), form(made.pdf(), "report.pdf"))
    assert AuditEntry.objects.filter(event="document.checked").count() == 1


WRONG = {
    "report.docx": (made.xlsx(""), "what is in it is something else"),
    "old.doc": (made.msg(), "what is in it is something else"),
    "report.docm": (made.docx(more={"a": bytes(30_000_000)}), "unpacks to far more than a paper holds"),
    "scan.png": (made.png(40_000, 40_000), "more than 100 million dots"),
    "report.pdf": (b"%PDF-1.4\nnothing in it\n%%EOF\n", "what is in it is something else"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_not_what_it_says_is_refused_and_its_sealed_bytes_are_gone(
    name: str, desk: Client, review: Review
) -> None:
    before = papers()
    content, sentence = WRONG[name]
    answer = desk.post(page(review), form(content, name))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert (papers(), Document.objects.count(), ParkedUpload.objects.count()) == (before, 0, 0)


def test_a_file_that_could_not_be_checked_is_refused_and_gone(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = papers()
    monkeypatch.setattr(asking, "START", "raise SystemExit")
    answer = desk.post(page(review), form(made.docx(), "report.docx"))
    assert "could not be checked" in text(answer)
    assert papers() == before


def test_a_log_that_cannot_be_written_keeps_nothing_of_the_file(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dhr.audit import log

    def full(*args: Any, **kwargs: Any) -> Any:
        raise log.LogUnavailable

    before = papers()
    monkeypatch.setattr("restricted_docs.taking.log.append_first", full)
    answer = desk.post(page(review), form(made.docx(), "report.docx"))
    assert answer.status_code == 503
    assert papers() == before


def test_nothing_of_a_file_that_is_looked_into_is_in_clear_on_disk(desk: Client, review: Review) -> None:
    mark = "the-words-nobody-may-find-on-disk"
    parts = {"[Content_Types].xml": made.content_types(made.WORD_MAIN, "word/document.xml")}
    plain = made.zipped(
        parts | {"word/document.xml": made.word_body(made.paragraph(mark))}, stored=("word/document.xml",)
    )
    assert mark.encode() in plain
    assert desk.post(page(review), form(plain, "report.docx")).status_code == 302
    for path in Path(settings.VAR).rglob("*"):
        if path.is_file():
            assert mark.encode() not in path.read_bytes(), path


def test_what_is_in_a_file_is_still_known_when_it_waited_for_its_form(desk: Client, review: Review) -> None:
    again = desk.post(page(review), form(made.docm(), "report.docm", title=""))
    token = text(again).split('name="file_parked" value="')[1].split('"')[0]
    desk.post(page(review), form(None, file_parked=token, file_called="report.docm"))
    version = Document.objects.get().versions.get()
    assert version.findings == ["macros"]
    assert version.media_type == "application/vnd.ms-word.document.macroenabled.12"


# ---------------------------------------------------------------------------------------------------------- receipts
def test_the_receipt_has_what_the_sender_can_check(desk: Client, review: Review) -> None:
    content = made.pdf()
    desk.post(page(review), form(content, "our return.pdf"))
    version = Document.objects.get().versions.get()
    url = reverse("document-receipt", args=[review.pk, version.document_id, 1])
    assert url in text(desk.get(reverse("document", args=[review.pk, version.document_id])))
    shown = text(desk.get(url))
    assert hashlib.sha256(content).hexdigest() in shown
    assert f"({len(content):,} bytes)" in shown
    assert "our return.pdf" in shown
    line = AuditEntry.objects.get(event="document.filed")
    assert f">{line.seq}<" in shown.replace("\n", "")
    assert hashlib.sha256(content).hexdigest().encode() not in bytes(version.sha256_sealed)


def test_a_file_that_waited_for_its_form_has_its_sha_256_on_the_receipt_unless_somebody_changed_it(
    desk: Client, review: Review
) -> None:
    digest = hashlib.sha256(made.pdf()).hexdigest()
    token = (
        text(desk.post(page(review), form(made.pdf(), title=""))).split('name="file_parked" value="')[1].split('"')[0]
    )
    assert digest in token
    forged = token.replace(digest, "0" * 64)
    assert desk.post(page(review), form(None, file_parked=forged, file_called="a.pdf")).status_code == 422
    desk.post(page(review), form(None, file_parked=token, file_called="a.pdf"))
    url = reverse("document-receipt", args=[review.pk, Document.objects.get().pk, 1])
    assert digest in text(desk.get(url))


def test_who_sent_it_and_may_not_open_it_gets_the_receipt_as_long_as_they_have_a_part(
    cast: Cast, review: Review, clock: Any
) -> None:
    put_on(review, by=cast.officer, user=cast.stranger, role=Role.PANEL_MEMBER, ends_on=today() + timedelta(days=1))
    content = made.pdf()
    answer = as_(cast.stranger).post(page(review), form(content, "mine.pdf"), follow=True)
    document = Document.objects.get()
    url = reverse("document-receipt", args=[review.pk, document.pk, 1])
    assert answer.redirect_chain == [(url, 302)]
    assert hashlib.sha256(content).hexdigest() in text(answer)
    assert reverse("document", args=[review.pk, document.pk]) not in text(answer)
    assert as_(cast.auditor).get(url).status_code == 404
    assert as_(cast.officer).get(reverse("document-receipt", args=[review.pk, document.pk, 2])).status_code == 404
    clock(now() + timedelta(days=3))
    assert as_(cast.stranger).get(url).status_code == 404


def test_an_agency_gets_the_receipt_of_its_own_return(cast: Cast, review: Review) -> None:
    own = ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", author=cast.agency_author)
    agency = as_(cast.agency_author)
    content = made.docx()
    agency.post(f"{page(review)}?commission={own.pk}", form(content, "imr.docx", kind="imr"))
    url = reverse("document-receipt", args=[review.pk, Document.objects.get().pk, 1])
    assert hashlib.sha256(content).hexdigest() in text(agency.get(url))
