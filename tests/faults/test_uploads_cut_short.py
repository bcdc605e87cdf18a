"""A fault anywhere in an upload leaves nothing half: no paper, no sealed bytes without a paper, and a sentence to try again."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from dhr.access import grants
from dhr.audit.verify import verify
from dhr.reviews.models import Review
from restricted_docs.models import Document, DocumentVersion, ParkedUpload
from restricted_docs.vault import blobs
from tests import build
from tests.cast import Cast, make_cast

from . import planting
from .doors import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
MOST = 120
CONTENT = build.PDF.replace(b"%%EOF", b"canary-of-the-upload" + b"\n" * 400_000 + b"%%EOF")


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    yield make_cast()
    connection.close()
    grants.forget_permission_ids()


@pytest.fixture
def review(cast: Cast) -> Review:
    return build.notify(cast)


class FullDisk:
    """A disk with room for so many writes and no more."""

    def __init__(self, file: Any, moment: planting.Moment) -> None:
        self.file, self.moment = file, moment

    def write(self, content: bytes) -> int:
        self.moment.tick()
        return int(self.file.write(content))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def no_room() -> None:
    raise OSError(errno.ENOSPC, "planted: no space left on device")


def sealed_files() -> set[str]:
    return {path.name for path in (Path(settings.VAR) / "papers").rglob("*") if path.is_file()}


def named_by_a_row() -> set[str]:
    connection.close()  # what was not committed is not there
    versions = DocumentVersion.objects.values_list("blob_name", flat=True)
    return {*versions, *ParkedUpload.objects.values_list("blob_name", flat=True)}


def send(client: Client, review: Review) -> int:
    """An officer files a paper; the status of the answer."""
    file = SimpleUploadedFile("minutes.pdf", CONTENT, "application/pdf")
    data = {"title": "Minutes", "kind": "other", "audience": "officers_and_chairs", "marking": "official_sensitive"}
    answer = client.post(reverse("file-document", args=[review.pk]), data | {"file": file})
    assert b"canary-of-the-upload" not in answer.content
    return int(answer.status_code)


Plant = Callable[[int], AbstractContextManager[planting.Moment]]


@contextmanager
def full_disk(number: int) -> Iterator[planting.Moment]:
    """Room for so many writes of sealed papers and no more."""
    moment, fdopen = planting.Moment(number, no_room), blobs.os.fdopen
    with mock.patch.object(blobs.os, "fdopen", lambda *args: FullDisk(fdopen(*args), moment)):
        yield moment


FAULTS: dict[str, Plant] = {
    "no answer to a statement": lambda n: planting.at_statement(n, planting.database_says_no),
    "no answer to a commit": lambda n: planting.at_commit(n, planting.database_says_no),
    "commit done, answer lost": lambda n: planting.at_commit(n, planting.database_says_no, afterwards=True),
    "full disk": full_disk,
}


@pytest.mark.parametrize("name", FAULTS)
def test_an_upload_is_filed_whole_or_not_at_all(cast: Cast, review: Review, name: str) -> None:
    for number in range(1, MOST):
        papers, before = Document.objects.count(), sealed_files() - named_by_a_row()
        client = signed_in(cast.officer)
        with FAULTS[name](number) as moment:
            status = send(client, review)
        assert sealed_files() - named_by_a_row() == before, f"{name} {number}: sealed bytes that belong to nothing"
        assert named_by_a_row() <= sealed_files(), f"{name} {number}: a paper without its bytes"
        if not moment.came:
            assert number > 1, "The fault was never planted."
            assert (status, Document.objects.count()) == (302, papers + 1)
            break
        assert status in {302, 422, 503}, f"{name} {number}"
        if status == 302 and name != "commit done, answer lost":
            assert Document.objects.count() == papers + 1
    else:
        raise AssertionError(f"An upload has more than {MOST} moments.")
    assert verify().whole
