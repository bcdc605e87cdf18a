"""A file that comes in parts by the tus protocol: each part sealed under a key of its own, one sealed version at the end."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs import arriving
from restricted_docs.models import ArrivingUpload, Document, ParkedUpload, UploadPart
from restricted_docs.reading import open_paper
from tests.cast import Cast
from tests.papers_desk import review_with_everybody
from tests.web.sending import as_
from tests.web.tus_client import MARK, PART, PDF, TUS, begin, form, page, papers, patch

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def desk(cast: Cast) -> Client:
    return as_(cast.officer)


def test_a_file_in_parts_becomes_one_sealed_version_under_a_key_of_its_own(desk: Client, review: Review) -> None:
    before = papers()
    begun = begin(desk, page(review))
    assert (begun.status_code, begun["Upload-Offset"], begun["Tus-Resumable"]) == (201, "0", "1.0.0")
    assert begun["Upload-Expires"].endswith("GMT")
    url = begun["Location"]
    assert patch(desk, url, 0, PDF[:50_000])["Upload-Offset"] == "50000"
    assert UploadPart.objects.count() == len(papers() - before) == 1
    last = patch(desk, url, 50_000, PDF[50_000:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(PDF)))
    parked = ParkedUpload.objects.get()
    assert papers() - before == {parked.blob_name}, "the parts are gone"
    assert not UploadPart.objects.exists()
    answer = desk.post(page(review), form(file_parked=last["Dhr-Parked"], file_called="our report.pdf"))
    assert answer.status_code == 302
    version = Document.objects.get().versions.get()
    assert (version.blob_name, version.size, version.media_type) == (parked.blob_name, len(PDF), "application/pdf")
    assert b"".join(open_paper(version, by=version.uploaded_by)[0]) == PDF
    line = AuditEntry.objects.get(event="document.joined")
    assert (line.person, line.object_id, line.facts) == (
        None,
        str(version.document_id),
        {"parts": 2, "bytes": len(PDF)},
    )


def test_parts_are_sealed_each_under_its_own_key_and_nothing_is_in_clear(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    for start in (0, 30_000):
        patch(desk, url, start, PDF[start : start + 30_000])
    one, two = UploadPart.objects.all()
    assert bytes(one.wrapped_key) != bytes(two.wrapped_key)
    for path in Path(settings.VAR).rglob("*"):
        if path.is_file():
            assert MARK not in path.read_bytes(), path
    assert ArrivingUpload.objects.get().ending == ".pdf", "of the name only the ending is kept"


def test_an_upload_that_was_cut_goes_on_where_it_was(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    cut: dict[str, Any] = {"wsgi.input": io.BytesIO(PDF[:20_000]), "CONTENT_LENGTH": "50000"}
    broken = desk.generic("PATCH", url, b"-", PART, headers=TUS | {"Upload-Offset": "0"}, **cut)
    assert (broken.status_code, broken["Upload-Offset"]) == (204, "20000")
    head = desk.head(url, headers=TUS)
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"]) == (200, "20000", str(len(PDF)))
    assert head["Cache-Control"] == "no-store" or "no-store" in head["Cache-Control"]
    assert patch(desk, url, 20_000, PDF[20_000:])["Dhr-Parked"]


def test_a_line_that_breaks_with_an_error_counts_what_came(desk: Client, review: Review) -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            if not found:
                raise OSError("reset by peer")
            return found

    url = begin(desk, page(review))["Location"]
    cut: dict[str, Any] = {"wsgi.input": Breaks(PDF[:20_000]), "CONTENT_LENGTH": "50000"}
    assert (
        desk.generic("PATCH", url, b"-", PART, headers=TUS | {"Upload-Offset": "0"}, **cut)["Upload-Offset"] == "20000"
    )
    cut = {"wsgi.input": Breaks(b""), "CONTENT_LENGTH": "50000"}
    assert (
        desk.generic("PATCH", url, b"-", PART, headers=TUS | {"Upload-Offset": "20000"}, **cut)["Upload-Offset"]
        == "20000"
    )


@pytest.mark.parametrize("offset", [0, 100, 39_999, 40_001])
def test_a_part_that_does_not_begin_where_the_last_one_ended_is_refused(
    desk: Client, review: Review, offset: int
) -> None:
    url = begin(desk, page(review))["Location"]
    patch(desk, url, 0, PDF[:40_000])
    before = papers()
    assert patch(desk, url, offset, b"x" * 10).status_code == 409
    assert patch(desk, url, 40_000, bytes(len(PDF))).status_code == 409, "more than was said"
    assert papers() == before


def test_of_two_that_send_the_same_part_one_counts(
    desk: Client, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = begin(desk, page(review))["Location"]
    original, before = arriving._keep, papers()

    def overtaken(upload: Any, offset: int, blob: Any) -> None:
        monkeypatch.setattr(arriving, "_keep", original)
        patch(desk, url, 0, PDF[:100])
        original(upload, offset, blob)

    monkeypatch.setattr(arriving, "_keep", overtaken)
    assert patch(desk, url, 0, PDF[:5000]).status_code == 409
    assert desk.head(url, headers=TUS)["Upload-Offset"] == "100"
    assert len(papers() - before) == 1


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_part_with_a_checksum_is_kept_only_when_it_fits(desk: Client, review: Review, name: str) -> None:
    url, before = begin(desk, page(review))["Location"], papers()
    right = base64.b64encode(hashlib.new(name, PDF[:100]).digest()).decode()
    for wrong in (f"{name} {right[:-4]}AAA=", f"{name} no base64", "md4 AAAA", f"{name}"):
        assert patch(desk, url, 0, PDF[:100], **{"Upload-Checksum": wrong}).status_code == 460
    assert papers() == before
    assert patch(desk, url, 0, PDF[:100], **{"Upload-Checksum": f"{name} {right}"}).status_code == 204


def test_what_the_server_offers(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    answer = desk.options(url)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)
    assert {"creation", "expiration", "termination", "checksum"} == set(answer["Tus-Extension"].split(","))


def test_the_protocols_own_refusals(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    other = {"Tus-Resumable": "0.2.2"}
    for answer in (
        desk.head(url, headers=other),
        desk.patch(url, b"x", content_type=PART, headers=other),
        desk.delete(url, headers=other),
        desk.post(page(review), headers=other | {"Upload-Length": "5"}, content_type=""),
    ):
        assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert desk.patch(url, b"x", content_type="text/plain", headers=TUS | {"Upload-Offset": "0"}).status_code == 415
    assert desk.patch(url, b"x", content_type=PART, headers=TUS).status_code == 400
    for length in ("", "-1", "1.5", "x", "9" * 30):
        assert begin(desk, page(review), **{"Upload-Length": length}).status_code == 400
    assert desk.get(url).status_code == 405
    assert desk.post(url).status_code == 405


def test_a_post_may_stand_for_what_a_proxy_does_not_let_through(desk: Client, review: Review) -> None:
    url = begin(desk, page(review))["Location"]
    instead = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert desk.post(url, PDF[:10], content_type=PART, headers=instead)["Upload-Offset"] == "10"
    assert desk.post(url, b"", content_type=PART, headers=TUS | {"X-HTTP-Method-Override": "GET"}).status_code == 405
