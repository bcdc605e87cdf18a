"""A file that comes in parts and is refused, forged, given up, moved about, or met by a store that fails."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dhr import clock as the_clock
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.models import Membership, Review
from dhr.usecase import use_case
from restricted_docs import arriving
from restricted_docs.models import ArrivingUpload, DocumentVersion, ParkedUpload, UploadPart
from restricted_docs.vault.errors import VaultUnavailable
from tests import made_files
from tests.cast import Cast
from tests.papers_desk import latest, paper, review_with_everybody
from tests.web.paper_pages import body
from tests.web.sending import as_
from tests.web.tus_client import PDF, TUS, begin, form, page, papers, patch, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return as_(cast.officer)


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        (("report.exe", 10), 422, "This kind of file cannot be filed."),
        (("report.pdf", 0), 422, "The file is empty."),
        (("report.pdf", 10**12), 413, "The file is larger than 200 MB."),
    ],
)
def test_what_can_be_known_before_a_byte_is_sent_is_told_then_and_again_by_the_form(
    desk: Client, review: Review, asked: tuple[str, int], status: int, sentence: str
) -> None:
    answer = begin(desk, page(review), asked[1], asked[0])
    assert answer.status_code == status
    assert sentence in body(answer)
    shown = desk.post(page(review), form(file_refused=answer["Dhr-Refused"]))
    assert shown.status_code == 422
    assert sentence in body(shown)
    assert "A paper" in body(shown)
    assert not ArrivingUpload.objects.exists()


def test_a_sentence_that_nobody_signed_is_not_told(desk: Client, review: Review) -> None:
    shown = desk.post(page(review), form(file_refused="call this number"))
    assert "call this number" not in body(shown)
    assert "Choose the file." in body(shown)


def test_a_file_that_is_not_what_it_says_is_refused_at_its_end_and_leaves_nothing(desk: Client, review: Review) -> None:
    before = papers()
    content = made_files.xlsx("", more={"a": random.randbytes(90_000)})
    url = begin(desk, page(review), len(content), "report.docx")["Location"]
    answer = sent(desk, url, content)
    assert (answer.status_code, papers()) == (422, before)
    assert "what is in it is something else" in body(answer)
    assert "what is in it is something else" in body(desk.post(page(review), form(file_refused=answer["Dhr-Refused"])))
    assert not ArrivingUpload.objects.exists()
    assert not ParkedUpload.objects.exists()


def test_what_is_in_a_file_that_came_in_parts_is_known(desk: Client, review: Review) -> None:
    content = made_files.docx(more={"word/vbaProject.bin": random.randbytes(90_000)})
    url = begin(desk, page(review), len(content), "report.docx")["Location"]
    assert sent(desk, url, content)["Dhr-Parked"]
    assert ParkedUpload.objects.get().findings == ["macros"]


def test_parts_that_were_moved_in_the_database_are_not_put_together(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    for start in (0, 10_000, 20_000):
        patch(desk, url, start, PDF[start : start + 10_000])
    _, two, three = UploadPart.objects.all()  # both within the text: the file would still look like a PDF
    for pk, start in ((two.pk, 999), (three.pk, 10_000), (two.pk, 20_000)):
        UploadPart.objects.filter(pk=pk).update(start=start)
    answer = patch(desk, url, 30_000, PDF[30_000:])
    assert answer.status_code == 422
    assert not ParkedUpload.objects.exists()


def test_an_upload_is_its_owners_alone(desk: Client, review: Review, cast: Cast) -> None:
    url = begin(desk, page(review))["Location"]
    chair = as_(cast.lead_chair)
    for answer in (chair.head(url, headers=TUS), patch(chair, url, 0, b"x"), chair.delete(url, headers=TUS)):
        assert answer.status_code == 404
    assert AuditEntry.objects.filter(event="access.refused", person=cast.lead_chair.pk).count() == 3
    assert desk.head(reverse("arriving-upload", args=[uuid4()]), headers=TUS).status_code == 404
    assert Client().head(url, headers=TUS).status_code == 302
    for person, status in ((cast.stranger, 404), (cast.board_chair, 403)):
        assert begin(as_(person), page(review)).status_code == status


def test_what_waits_can_be_taken_up_by_its_owner_for_its_review_alone(desk: Client, review: Review, cast: Cast) -> None:
    token = sent(desk, begin(desk, page(review))["Location"], PDF)["Dhr-Parked"]
    chair = as_(cast.lead_chair)
    assert chair.post(page(review), form(file_parked=token, file_called="a.pdf")).status_code == 422
    other = review_with_everybody(cast)
    assert desk.post(page(other), form(file_parked=token, file_called="a.pdf")).status_code == 422
    assert desk.post(page(review), form(file_parked=token, file_called="a.pdf")).status_code == 302


def test_a_forged_request_begins_and_sends_nothing(cast: Cast, review: Review) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.officer)
    assert begin(strict, page(review)).status_code == 403
    strict.get(page(review))
    token = {"X-CSRFToken": strict.cookies["csrftoken"].value}
    begun = begin(strict, page(review), **token)
    assert begun.status_code == 201
    assert patch(strict, begun["Location"], 0, b"x").status_code == 403
    assert patch(strict, begun["Location"], 0, b"x", **token).status_code == 204


def test_an_upload_can_be_given_up(desk: Client, review: Review) -> None:
    before = papers()
    url = begin(desk, page(review))["Location"]
    patch(desk, url, 0, PDF[:100])
    assert desk.delete(url, headers=TUS).status_code == 204
    assert papers() == before
    assert desk.head(url, headers=TUS).status_code == 404


def test_nobody_came_back_for_it_within_a_day(desk: Client, review: Review, cast: Cast, clock: Any) -> None:
    before = papers()
    url = begin(desk, page(review))["Location"]
    patch(desk, url, 0, PDF[:100])
    clock(the_clock.now() + timedelta(hours=24, minutes=1))
    desk.force_login(cast.officer)
    assert desk.head(url, headers=TUS).status_code == 404
    said = StringIO()
    call_command("clear_uploads", stdout=said)
    assert said.getvalue().startswith("1 uploads")
    assert papers() == before
    assert not ArrivingUpload.objects.exists()


def test_ten_files_of_one_person_are_on_their_way_at_most(desk: Client, review: Review, cast: Cast) -> None:
    for _ in range(10):
        url = begin(desk, page(review))["Location"]
    answer = begin(desk, page(review))
    assert answer.status_code == 429
    assert "Ten of your files are on their way" in body(answer)
    assert begin(as_(cast.lead_chair), page(review)).status_code == 201
    desk.delete(url, headers=TUS)
    assert begin(desk, page(review)).status_code == 201


def test_parts_have_an_end(desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MOST_PARTS", 2)
    url = begin(desk, page(review))["Location"]
    assert [patch(desk, url, n, b"x").status_code for n in range(3)] == [204, 204, 409]


@pytest.fixture
def broken_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise VaultUnavailable("The disk is full.")

    monkeypatch.setattr("restricted_docs.vault.vault.Vault.seal_document", full)
    yield
    monkeypatch.undo()


def test_a_store_that_fails_keeps_what_was_there(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    url = begin(desk, page(review))["Location"]
    patch(desk, url, 0, PDF[:100])
    request.getfixturevalue("broken_store")
    answer = patch(desk, url, 100, PDF[100:200])
    assert answer.status_code == 503
    assert "could not be stored" in body(answer)
    monkeypatch.undo()
    assert desk.head(url, headers=TUS)["Upload-Offset"] == "100"


def test_a_finish_that_failed_is_made_up_for_when_somebody_asks_again(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: Any) -> Any:
        raise VaultUnavailable("The store is away.")

    url, before = begin(desk, page(review))["Location"], papers()
    with monkeypatch.context() as broken:
        broken.setattr("restricted_docs.sealed_reader.OpenedPaper.pieces", fails)
        assert patch(desk, url, 0, PDF).status_code == 503
        assert desk.head(url, headers=TUS).status_code == 503
    assert len(papers() - before) == 1, "only the part"
    assert desk.head(url, headers=TUS)["Dhr-Parked"]
    again = desk.head(url, headers=TUS)
    assert again["Dhr-Parked"].startswith(str(ParkedUpload.objects.get().token))
    desk.post(page(review), form(file_parked=again["Dhr-Parked"], file_called="a.pdf"))
    assert "Dhr-Parked" not in desk.head(url, headers=TUS)


def test_two_that_finish_at_once_make_one_paper(desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    url, before = begin(desk, page(review))["Location"], papers()
    original = arriving._wait_for_its_form

    def overtaken(upload: Any, made: Any) -> None:
        monkeypatch.setattr(arriving, "_wait_for_its_form", original)
        desk.head(url, headers=TUS)
        original(upload, made)

    monkeypatch.setattr(arriving, "_wait_for_its_form", overtaken)
    token = patch(desk, url, 0, PDF)["Dhr-Parked"]
    assert papers() - before == {ParkedUpload.objects.get().blob_name}
    assert desk.post(page(review), form(file_parked=token, file_called="a.pdf")).status_code == 302


def test_a_version_comes_in_parts_too(desk: Client, review: Review, cast: Cast) -> None:
    document = paper(review, cast.officer)
    address = reverse("add-version", args=[review.pk, document.pk])
    token = sent(desk, begin(desk, address)["Location"], PDF)["Dhr-Parked"]
    assert desk.post(address, {"file_parked": token, "file_called": "b.pdf"}).status_code == 302
    version = latest(document)
    assert (version.number, version.size) == (2, len(PDF))
    assert str(ArrivingUpload.objects.get()).startswith("upload begun on 20")
    assert str(UploadPart(start=5)) == "part from byte 5"


@use_case(None)
def _leave(review: Review, *, by: Any, user: Any) -> None:
    for membership in Membership.objects.filter(review=review, user=user):
        memberships.leave(membership)


def test_who_has_left_the_review_sends_no_more_of_a_file(review: Review, cast: Cast) -> None:
    gone = as_(cast.second_chair)
    url = begin(gone, page(review))["Location"]
    assert patch(gone, url, 0, PDF[:100]).status_code == 204
    before = papers()
    _leave(review, by=cast.officer, user=cast.second_chair)
    assert patch(gone, url, 100, PDF[100:]).status_code == 404
    assert gone.head(url, headers=TUS).status_code == 404
    assert papers() == before
    assert not ParkedUpload.objects.exists()
    assert AuditEntry.objects.filter(event="access.refused", person=cast.second_chair.pk).count() == 2


@pytest.mark.parametrize(
    ("called", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("REPORT.PDF", "REPORT.PDF"),
        ("/etc/C:\\a\\report.pdf", "report.pdf"),
        ("re\u202efdp.exe", "refdp.exe.pdf"),
        ("a\0\r\nb\u200b.pdf", "ab.pdf"),
        ("..", "file.pdf"),
        (" ", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_file_is_called_by_a_name_that_hides_nothing(desk: Client, review: Review, called: str, kept: str) -> None:
    token = sent(desk, begin(desk, page(review))["Location"], PDF)["Dhr-Parked"]
    assert desk.post(page(review), form(file_parked=token, file_called=called)).status_code == 302
    version = DocumentVersion.objects.get()
    receipt = reverse("document-receipt", args=[review.pk, version.document_id, 1])
    assert f">{kept}</dd>" in re.sub(r"\s*(<[^>]*>)\s*", r"\1", body(desk.get(receipt)))
