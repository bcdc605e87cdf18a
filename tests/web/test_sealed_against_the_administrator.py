"""Somebody with the database and the papers folder changes what is sealed: each attempt is refused, logged, and said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review, SealedIdentity
from restricted_docs.filing import add_version
from restricted_docs.models import Document, DocumentVersion
from restricted_docs.models.blobs import HoldsBlob
from restricted_docs.upload import take_in
from restricted_docs.vault.documents import HEADER_BYTES, SEALED_CHUNK_BYTES
from tests import build
from tests.cast import Cast
from tests.papers_desk import notify, paper, review_with_everybody
from tests.web.sending import as_

pytestmark = pytest.mark.django_db
SECRET = b"canary-of-this-paper"
COLUMNS = [field.name for field in HoldsBlob._meta.fields]


def pdf(words: bytes = SECRET) -> bytes:
    """Some chunks of sealed paper, the words in the first and in the last."""
    padding = words + b"\n" * 60_000 + words
    return build.PDF.replace(b"%%EOF", padding + b"\n%%EOF")


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Document:
    return paper(review, cast.lead_chair, pdf())


def version(document: Document, number: int = 1) -> DocumentVersion:
    return document.versions.get(number=number)


def file_of(row: HoldsBlob) -> Path:
    return Path(settings.VAR) / "papers" / row.blob_name[:2] / row.blob_name


def put_back(row: DocumentVersion, columns: dict[str, Any]) -> None:
    DocumentVersion.objects.filter(pk=row.pk).update(**columns)


def columns_of(row: HoldsBlob) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


def swap(one: DocumentVersion, two: DocumentVersion) -> None:
    """Each row names the other's sealed file, with all that belongs to it."""
    first, second = columns_of(one), columns_of(two)
    put_back(two, first | {"blob_name": "0" * 32})
    put_back(one, second)
    put_back(two, first)


def change_file(path: Path, change: Callable[[bytearray], bytes | bytearray]) -> None:
    path.chmod(0o600)
    path.write_bytes(change(bytearray(path.read_bytes())))


def flip(place: int) -> Callable[[bytearray], bytearray]:
    def change(content: bytearray) -> bytearray:
        content[place] ^= 1
        return content

    return change


def swap_chunks(content: bytearray) -> bytearray:
    one, two = HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK_BYTES
    end = two + SEALED_CHUNK_BYTES
    return content[:one] + content[two:end] + content[one:two] + content[end:]


FILES: dict[str, Callable[[bytearray], bytes | bytearray]] = {
    "a bit of the header": flip(3),
    "a bit of the last chunk": flip(-1),
    "cut by a byte": lambda content: content[:-1],
    "cut by a chunk": lambda content: content[:-SEALED_CHUNK_BYTES],
    "longer by a byte": lambda content: content + b"\0",
    "nothing left": lambda _: b"",
}


def is_refused(cast: Cast, document: Document, number: int = 1) -> None:
    """A sentence instead of the paper, and a line in the log that says so."""
    before = AuditEntry.objects.filter(event="sealed.damaged").count()
    address = reverse("document-download", args=[document.review_id, document.pk, number])
    answer = as_(cast.lead_chair).get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 409
    assert SECRET not in body
    assert b"Restore it from a backup" in body
    lines = AuditEntry.objects.filter(event="sealed.damaged")
    assert lines.count() == before + 1
    line = lines.latest("seq")
    assert (line.person, line.review, line.object_id) == (cast.lead_chair.pk, document.review_id, str(document.pk))


def test_before_anybody_changes_it_the_paper_opens(cast: Cast, document: Document) -> None:
    answer = as_(cast.lead_chair).get(reverse("document-download", args=[document.review_id, document.pk, 1]))
    assert SECRET in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused_before_its_first_byte(cast: Cast, document: Document, name: str) -> None:
    change_file(file_of(version(document)), FILES[name])
    is_refused(cast, document)


@pytest.mark.parametrize(
    "change", [flip(HEADER_BYTES + 5), swap_chunks], ids=["a bit of the first chunk", "chunks swapped"]
)
def test_a_change_in_the_middle_breaks_the_answer_off_at_that_place(
    cast: Cast, document: Document, change: Callable[[bytearray], bytearray]
) -> None:
    change_file(file_of(version(document)), change)
    answer = as_(cast.lead_chair).get(reverse("document-download", args=[document.review_id, document.pk, 1]))
    got = bytearray()
    with pytest.raises(Exception, match="backup"):
        for piece in answer.streaming_content:  # type: ignore[attr-defined]
            got += piece
    assert SECRET not in got
    assert AuditEntry.objects.filter(event="sealed.damaged", object_id=str(document.pk)).count() == 1


def test_a_paper_moved_to_another_document_version_or_review_is_refused(cast: Cast, document: Document) -> None:
    other = paper(document.review, cast.lead_chair, pdf(b"another"))
    elsewhere = paper(notify(cast), cast.officer, pdf(b"elsewhere"))
    for target in (other, elsewhere):
        swap(version(document), version(target))
        is_refused(cast, document)
        swap(version(document), version(target))
    add_version(
        document, by=cast.lead_chair, upload=take_in(document.review, "a.pdf", pdf(b"second"), document=document)
    )
    swap(version(document, 1), version(document, 2))
    is_refused(cast, document, 1)
    is_refused(cast, document, 2)


def test_a_wrapped_key_of_another_paper_opens_nothing(cast: Cast, document: Document) -> None:
    other = paper(document.review, cast.lead_chair, pdf(b"another"))
    put_back(version(document), {"wrapped_key": bytes(version(other).wrapped_key)})
    is_refused(cast, document)


def test_a_row_and_its_file_put_back_together_to_an_older_state_are_refused(cast: Cast, document: Document) -> None:
    """Both are genuine and fit: only the log knows that something else was stored since."""
    from restricted_docs.resealing import reseal_papers

    row = version(document)
    older, kept = columns_of(row), file_of(row).read_bytes()
    reseal_papers(document.review, by=cast.officer, settling=0)
    file_of(row).parent.mkdir(exist_ok=True)
    file_of(row).write_bytes(kept)
    file_of(row).chmod(0o600)
    put_back(version(document), older)
    is_refused(cast, document)


def test_a_newest_version_taken_away_does_not_let_the_one_before_pass_for_it(cast: Cast, document: Document) -> None:
    add_version(
        document, by=cast.lead_chair, upload=take_in(document.review, "a.pdf", pdf(b"second"), document=document)
    )
    version(document, 2).delete()
    is_refused(cast, document, 1)


# ---- texts


def key_of(pk: Any) -> Any:
    return pk.hex if connection.vendor == "sqlite" else pk


def stored(query: str, pk: Any) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(query, [key_of(pk)])
        return bytes(cursor.fetchone()[0])


def write(statement: str, value: bytes, pk: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value, key_of(pk)])
        assert cursor.rowcount == 1


def account_is_refused(cast: Cast, review: Review, *secrets: str) -> None:
    answer = as_(cast.officer).get(reverse("review-details", args=[review.pk]))
    assert answer.status_code == 409
    assert "Restore it from a backup" in answer.content.decode()
    assert not any(secret in answer.content.decode() for secret in secrets)
    line = AuditEntry.objects.filter(event="sealed.damaged").latest("seq")
    assert (line.person, line.review) == (cast.officer.pk, review.pk)


def sealed(review: Review) -> bytes:
    return stored("SELECT circumstances FROM reviews_notification WHERE review_id = %s", review.pk)


@pytest.mark.parametrize("what", ["plaintext", "a bit", "another review's", "cut"])
def test_a_text_that_was_not_sealed_there_is_refused(cast: Cast, what: str) -> None:
    review, other = build.notify(cast), build.notify(cast, circumstances="Another account.")
    own = sealed(review)
    values = {
        "plaintext": b"She was seen at the hospital twice.",
        "a bit": own[:-1] + bytes([own[-1] ^ 1]),
        "another review's": sealed(other),
        "cut": own[:-4],
    }
    write("UPDATE reviews_notification SET circumstances = %s WHERE review_id = %s", values[what], review.pk)
    account_is_refused(cast, review, build.CANARY_TEXT, "Another account.", "She was seen")


def test_a_name_put_into_another_persons_row_is_refused(cast: Cast) -> None:
    review, other = build.notify(cast), build.notify(cast)
    mine, theirs = (SealedIdentity.objects.get(review=one) for one in (review, other))
    name = stored("SELECT name FROM reviews_sealedidentity WHERE id = %s", theirs.pk)
    write("UPDATE reviews_sealedidentity SET name = %s WHERE id = %s", name, mine.pk)
    answer = as_(cast.officer).post(reverse("reveal-name", args=[review.pk, mine.pk]))
    assert answer.status_code == 409
    assert build.CANARY_NAME not in answer.content.decode()
    assert AuditEntry.objects.filter(event="sealed.damaged", review=review.pk).exists()
