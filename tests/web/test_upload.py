"""Uploading: sealed as it arrives, refused with a sentence, kept while the form is mended, never in clear on disk."""

from __future__ import annotations

import io
import tempfile
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from dhr import clock
from dhr.access.roles import Role
from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.commissioning import ask_agency
from dhr.reviews.models import Review
from dhr.reviews.notifying import Named, record_notification
from dhr.usecase import use_case
from restricted_docs.filing import add_version
from restricted_docs.models import Document, ParkedUpload
from restricted_docs.parking import clear_stale
from restricted_docs.upload import SealedUpload, SealingUploadHandler, prepare, take_in
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

MARK = b"the-words-nobody-may-find-on-disk"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + MARK * 9000 + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@use_case(None)
def put_on(review: Review, *, by: Any, user: Any, role: str) -> Any:
    return memberships.join(review, user, role)


@pytest.fixture
def review(cast: Cast) -> Review:
    facts = {"channel": "writing", "death_date_known": "not_known", "manner": "homicide", "relationship": "intimate"}
    review = record_notification(
        cast.partnership,
        by=cast.officer,
        form_token=uuid.uuid4(),
        notified_on=clock.today(),
        people=[Named(kind="deceased", name="Zephyrine Quillfeather")],
        **facts,
    )
    put_on(review, by=cast.officer, user=cast.lead_chair, role=Role.LEAD_CHAIR)
    put_on(review, by=cast.officer, user=cast.panel_member, role=Role.PANEL_MEMBER)
    return review


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.officer)
    return client


def page(review: Review) -> str:
    return reverse("file-document", args=[review.pk])


def form(content: bytes | None = PDF, name: str = "the report.pdf", **answers: Any) -> dict[str, Any]:
    sent = {"title": "A paper", "kind": "other", "audience": "officers_and_chairs", "marking": "official_sensitive"}
    return sent | ({} if content is None else {"file": SimpleUploadedFile(name, content)}) | answers


def papers() -> set[str]:
    """Every file of the store of sealed papers."""
    return {path.name for path in (Path(settings.VAR) / "papers").rglob("*") if path.is_file()}


def body(answer: Any) -> str:
    return answer.content.decode()


def test_the_page_says_types_and_limit_first_and_that_progress_is_shown(desk: Client, review: Review) -> None:
    shown = body(desk.get(page(review)))
    assert shown.index("no larger than 200 MB") < shown.index('name="title"')
    assert "PDF, Word (DOCX, DOCM, DOC)" in shown
    assert "data-upload" in shown
    assert 'enctype="multipart/form-data"' in shown


def test_a_paper_is_filed_sealed_and_its_page_says_who_can_open_it(desk: Client, review: Review) -> None:
    before = papers()
    answer = desk.post(page(review), form(), follow=True)
    document = Document.objects.get()
    assert answer.redirect_chain == [(reverse("document", args=[review.pk, document.pk]), 302)]
    version = document.versions.get()
    fingerprint = bytes(version.fingerprint).hex()[:8]
    assert f"Sealed. Fingerprint {fingerprint}…, only these 2 people can open it." in body(answer)
    assert papers() - before == {version.blob_name}
    assert (version.size, version.media_type) == (len(PDF), "application/pdf")


def test_nothing_of_it_is_in_clear_on_disk_while_or_after_it_arrives(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("An upload was written to a temporary file.")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert desk.post(page(review), form()).status_code == 302
    for path in Path(settings.VAR).rglob("*"):
        if path.is_file():
            assert MARK not in path.read_bytes(), path


def test_a_bad_form_keeps_everything_that_was_typed_and_the_file_too(desk: Client, review: Review) -> None:
    before = papers()
    answer = desk.post(page(review), form(title="", kind="correspondence", name="my <b>letter</b>.pdf"))
    shown = body(answer)
    assert answer.status_code == 422
    assert "Enter a title." in shown
    assert "letter" in shown
    assert "<b>letter" not in shown
    assert "uploaded a moment ago" in shown
    parked = ParkedUpload.objects.get()
    assert papers() - before == {parked.blob_name}
    again = form(None, title="Mended", kind="correspondence", file_parked=str(parked.token), file_called="letter.pdf")
    assert desk.post(page(review), again).status_code == 302
    document = Document.objects.get()
    assert (document.pk, document.title, document.kind) == (parked.document, "Mended", "correspondence")
    assert papers() - before == {document.versions.get().blob_name} == {parked.blob_name}
    assert not ParkedUpload.objects.exists()


def test_a_file_kept_twice_is_one_file_and_filed_twice_says_so(desk: Client, review: Review) -> None:
    before = papers()
    desk.post(page(review), form(title=""))
    waiting = {"file_parked": str(ParkedUpload.objects.get().token), "file_called": "the report.pdf"}
    assert "uploaded a moment ago" in body(desk.post(page(review), form(None, title="", **waiting)))
    assert ParkedUpload.objects.count() == len(papers() - before) == 1
    assert desk.post(page(review), form(None, **waiting)).status_code == 302
    twice = desk.post(page(review), form(None, **waiting))
    assert (twice.status_code, Document.objects.count()) == (422, 1)
    assert "Choose the file." in body(twice)


def test_a_better_file_takes_the_place_of_the_one_that_waits(desk: Client, review: Review) -> None:
    desk.post(page(review), form(title=""))
    token = str(ParkedUpload.objects.get().token)
    desk.post(page(review), form(PDF + b"%%EOF", file_parked=token, file_called="old.pdf"))
    assert Document.objects.get().versions.get().size == len(PDF) + 5


def test_a_waiting_file_is_its_owners_for_its_review_for_a_day(
    desk: Client, review: Review, cast: Cast, clock: Any
) -> None:
    from dhr.clock import now

    desk.post(page(review), form(title=""))
    parked = ParkedUpload.objects.get()
    waiting = {"file_parked": str(parked.token), "file_called": "a.pdf"}
    chair = Client()
    chair.force_login(cast.lead_chair)
    assert chair.post(page(review), form(None, **waiting)).status_code == 422
    for wrong in ("", "x", str(uuid.uuid4())):
        assert desk.post(page(review), form(None, file_parked=wrong, file_called="a.pdf")).status_code == 422
    assert parked.blob_name in papers()
    clock(now() + timedelta(hours=24, minutes=1))
    desk.force_login(cast.officer)
    assert desk.post(page(review), form(None, **waiting)).status_code == 422
    assert clear_stale() == 1
    assert parked.blob_name not in papers()
    assert not Document.objects.exists()


def test_a_name_in_a_title_is_a_warning_that_can_be_confirmed(desk: Client, review: Review) -> None:
    answer = desk.post(page(review), form(title="About Quillfeather"))
    assert answer.status_code == 422
    assert "sealed name" in body(answer)
    assert "I have checked these words" in body(answer)
    waiting = {"file_parked": str(ParkedUpload.objects.get().token), "file_called": "a.pdf", "names_checked": "on"}
    assert desk.post(page(review), form(None, title="About Quillfeather", **waiting)).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("report.exe", PDF, "This kind of file cannot be filed."),
        ("report.docx", PDF, "what is in it is something else"),
        ("report.pdf", b"", "The file is empty."),
        ("report.pdf", b"<html>", "what is in it is something else"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_leaves_nothing(
    desk: Client, review: Review, name: str, content: bytes, sentence: str
) -> None:
    before = papers()
    answer = desk.post(page(review), form(content, name, title="Typed already"))
    assert answer.status_code == 422
    assert sentence in body(answer)
    assert "Typed already" in body(answer)
    assert papers() == before
    assert not ParkedUpload.objects.exists()


def test_a_file_over_the_limit_is_refused_and_what_was_typed_after_it_arrives(
    desk: Client, review: Review, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = len(PDF) - 1
    before = papers()
    answer = desk.post(page(review), {"file": SimpleUploadedFile("a.pdf", PDF)} | form(None, title="Typed after it"))
    assert answer.status_code == 422
    assert "The file is larger than" in body(answer)
    assert "Typed after it" in body(answer)
    assert papers() == before
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert desk.post(page(review), form()).status_code == 302


def test_a_form_without_a_file_says_so(desk: Client, review: Review) -> None:
    answer = desk.post(page(review), form(None))
    assert answer.status_code == 422
    assert "Choose the file." in body(answer)


@pytest.mark.parametrize("missing", [len(PDF) // 2, 60, 2])
def test_an_upload_that_is_cut_leaves_nothing_and_files_nothing(desk: Client, review: Review, missing: int) -> None:
    before = papers()
    whole = encode_multipart(BOUNDARY, form(None) | {"file": SimpleUploadedFile("a.pdf", PDF), "title": "Its title"})
    cut: dict[str, Any] = {"wsgi.input": io.BytesIO(whole[:-missing]), "CONTENT_LENGTH": str(len(whole))}
    answer = desk.generic("POST", page(review), whole, MULTIPART_CONTENT, **cut)
    assert answer.status_code == 400
    assert (papers(), Document.objects.count()) == (before, 0)
    uncut_input: dict[str, Any] = {"wsgi.input": io.BytesIO(whole)}
    uncut = desk.generic("POST", page(review), whole, MULTIPART_CONTENT, **uncut_input)
    assert uncut.status_code == 302


def test_a_file_whose_coding_is_broken_leaves_nothing(desk: Client, review: Review) -> None:
    before = papers()
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    whole = f"{head}Content-Transfer-Encoding: base64\r\n\r\n{'QUJD' * 9000}Q\r\n--{BOUNDARY}--\r\n".encode()
    assert desk.generic("POST", page(review), whole, MULTIPART_CONTENT).status_code == 400
    assert papers() == before


def test_a_view_that_asks_for_no_file_gets_none(desk: Client, cast: Cast, review: Review) -> None:
    before = papers()
    answers = {"title": "First", "file": SimpleUploadedFile("a.pdf", PDF), "after": "unread"}
    request = RequestFactory().post("/", answers)
    assert dict(request.POST.lists()) == {"title": ["First"]}
    assert not request.FILES
    assert request.upload_refused  # type: ignore[attr-defined]
    assert isinstance(request.upload_handlers[0], SealingUploadHandler)
    assert papers() == before


def test_several_files_of_a_form_belong_to_documents_of_their_own_but_a_version_is_one_file(
    cast: Cast, review: Review
) -> None:
    two = {"one": SimpleUploadedFile("a.pdf", PDF), "two": SimpleUploadedFile("b.pdf", PDF)}
    request = RequestFactory().post("/", two)
    prepare(request, review)
    uploads: list[Any] = [request.FILES["one"], request.FILES["two"]]
    assert all(isinstance(upload, SealedUpload) for upload in uploads)
    assert len({upload.context.document for upload in uploads}) == 2
    document = Document(pk=uuid.uuid4(), review=review)
    for file in two.values():
        file.seek(0)
    request = RequestFactory().post("/", two)
    prepare(request, review, document=document)
    assert request.FILES["one"].context.document == document.pk  # type: ignore[union-attr]
    assert request.FILES["two"].sentence == "Send one file at a time."  # type: ignore[union-attr]


def test_files_of_a_request_that_failed_are_deleted_with_it(review: Review) -> None:
    before = papers()
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.pdf", PDF)})
    prepare(request, review)
    assert len(request.FILES) == len(papers() - before) == 1
    request.close()
    assert papers() == before


def test_a_forged_form_is_refused_and_its_file_is_not_kept(cast: Cast, review: Review) -> None:
    before = papers()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.officer)
    assert strict.post(page(review), form()).status_code == 403
    assert (papers(), Document.objects.count()) == (before, 0)
    strict.get(page(review))
    token = strict.cookies["csrftoken"].value
    answers = {"csrfmiddlewaretoken": token} | form()
    assert strict.post(page(review), answers, headers={"Referer": "https://testserver/"}).status_code == 302


@pytest.mark.parametrize(("person", "status"), [("stranger", 404), ("auditor", 404), ("board_chair", 403)])
def test_who_may_not_file_is_refused_before_a_byte_is_sealed(
    cast: Cast, review: Review, person: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sealed(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("A file was taken in for somebody who may not file.")

    monkeypatch.setattr("restricted_docs.upload.Taking", sealed)
    client = Client()
    client.force_login(getattr(cast, person))
    for answer in (client.get(page(review)), client.post(page(review), form())):
        assert answer.status_code == status
        assert "Quillfeather" not in body(answer)
    refusals = AuditEntry.objects.filter(event="access.refused", person=getattr(cast, person).pk)
    assert [entry.review for entry in refusals] == [review.pk] * 2


def test_an_unknown_review_is_a_page_that_does_not_exist_and_leaves_no_line(desk: Client) -> None:
    count = AuditEntry.objects.count()
    assert desk.get(reverse("file-document", args=[uuid.uuid4()])).status_code == 404
    assert AuditEntry.objects.count() == count


def test_an_agency_files_on_its_own_request_and_is_asked_no_more_than_it_needs(cast: Cast, review: Review) -> None:
    own = ask_agency(review, by=cast.officer, agency=cast.police, kind="imr", author=cast.agency_author)
    others = ask_agency(review, by=cast.officer, agency=cast.hospital, kind="imr")
    client = Client()
    client.force_login(cast.agency_author)
    shown = body(client.get(f"{page(review)}?commission={own.pk}"))
    assert 'name="audience"' not in shown
    assert "Legal advice" not in shown
    answer = client.post(f"{page(review)}?commission={own.pk}", form(kind="imr", audience="panel"), follow=True)
    document = Document.objects.get()
    assert (answer.status_code, document.commission, document.audience) == (200, own, "officers_and_chairs")
    for wrong in ("", f"?commission={others.pk}", "?commission=x", f"?commission={uuid.uuid4()}"):
        assert client.post(f"{page(review)}{wrong}", form(kind="imr")).status_code == 404


def test_a_panel_member_files_and_stays_on_the_page_that_says_so(cast: Cast, review: Review) -> None:
    client = Client()
    client.force_login(cast.panel_member)
    assert "goes to the officers, the chairs" in body(client.get(page(review)))
    answer = client.post(page(review), form(), follow=True)
    assert answer.status_code == 200
    assert "only these 2 people can open it" in body(answer)


def test_an_officer_files_for_somebody_else(desk: Client, cast: Cast, review: Review) -> None:
    desk.post(page(review), form(on_behalf=str(cast.lead_chair.pk)))
    assert AuditEntry.objects.of_event("document.filed").get().on_behalf_of == cast.lead_chair.pk


def test_named_people_are_chosen_in_the_form(desk: Client, cast: Cast, review: Review) -> None:
    nobody = desk.post(page(review), form(audience="named"))
    assert nobody.status_code == 422
    assert "Choose at least one person." in body(nobody)
    desk.post(page(review), form(audience="named", named=[str(cast.panel_member.pk)]))
    assert set(Document.objects.get().named.all()) == {cast.officer, cast.panel_member}


def test_a_version_is_added_and_one_that_came_second_is_told_so(desk: Client, cast: Cast, review: Review) -> None:
    desk.post(page(review), form())
    document = Document.objects.get()
    address = reverse("add-version", args=[review.pk, document.pk])
    assert desk.get(address).status_code == 200
    answer = desk.post(address, {"file": SimpleUploadedFile("b.pdf", PDF)}, follow=True)
    assert "Sealed. Fingerprint" in body(answer)
    before = papers()
    overtaken = take_in(review, "c.pdf", PDF, document=document)

    original = Document.next_number

    def slow(self: Document) -> int:
        Document.next_number = original  # type: ignore[method-assign]
        number = original(self)
        add_version(document, by=cast.officer, upload=overtaken)
        return number

    Document.next_number = slow  # type: ignore[method-assign]
    answer = desk.post(address, {"file": SimpleUploadedFile("d.pdf", PDF)})
    assert answer.status_code == 409
    assert "Somebody added a version while yours was on its way." in body(answer)
    assert "uploaded a moment ago" not in body(answer)
    assert document.versions.count() == 3
    assert papers() - before == {overtaken.blob.blob_name}
    assert desk.post(address, {}).status_code == 422
