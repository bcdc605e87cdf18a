"""Somebody writes into a row by hand what no column of it ever held: it is refused, logged, and said in a sentence.

SQLite keeps a text where bytes belong, so a plain UPDATE in its shell is the likeliest hand of all.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs.models import Document, DocumentVersion
from tests import build
from tests.cast import Cast
from tests.papers_desk import paper, review_with_everybody
from tests.web.sending import as_

pytestmark = pytest.mark.django_db
SEEN = "She was seen at the hospital twice."


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Document:
    return paper(review, cast.lead_chair, build.PDF)


def put(table: str, column: str, value: Any, key: str, pk: Any) -> None:
    """PostgreSQL takes only bytes where bytes belong."""
    if connection.vendor == "postgresql" and column in {"circumstances", "wrapped_key", "header_sha256", "fingerprint"}:
        value = str(value).encode()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",  # noqa: S608
            [value, pk.hex if connection.vendor == "sqlite" else pk],
        )
        assert cursor.rowcount == 1


def is_refused(person: Any, address: str) -> None:
    before = AuditEntry.objects.filter(event="sealed.damaged").count()
    answer = as_(person).get(address)
    assert answer.status_code == 409
    assert "This cannot be opened" in answer.content.decode()
    assert SEEN not in answer.content.decode()
    assert AuditEntry.objects.filter(event="sealed.damaged").count() == before + 1


@pytest.mark.parametrize("value", [SEEN, 7, 10**13, 1.5], ids=str)
def test_a_text_that_nobody_sealed(cast: Cast, value: Any) -> None:
    review = build.notify(cast)
    put("reviews_notification", "circumstances", value, "review_id", review.pk)
    is_refused(cast.officer, reverse("review-details", args=[review.pk]))


CHANGED = [
    *((name, value) for name in ("wrapped_key", "header_sha256") for value in ("a text", 7, 10**13)),
    *(("key_id", "x" * 80), ("algorithm", "another"), ("size", 7), ("blob_name", "../../keys/root.json")),
    *(("findings", value) for value in ("null", "[[]]", '["unheard of"]', '["macros"]', '"a text"')),
    *(("media_type", "text/html"), ("media_type", "text/csv"), ("media_type", "text/plain\r\nSet-Cookie: a=b")),
]


@pytest.mark.parametrize(("column", "value"), CHANGED, ids=str)
def test_a_paper_whose_row_is_not_what_was_filed(cast: Cast, document: Document, column: str, value: Any) -> None:
    version = DocumentVersion.objects.get(document=document)
    put("restricted_docs_documentversion", column, value, "id", version.pk)
    is_refused(cast.lead_chair, reverse("document-download", args=[document.review_id, document.pk, 1]))


def test_what_was_found_in_a_file_cannot_be_taken_away_by_hand(cast: Cast, review: Review) -> None:
    """Else a file in which something acts would be handed to a browser."""
    acts = build.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>")
    document = paper(review, cast.lead_chair, acts)
    version = DocumentVersion.objects.get(document=document)
    assert version.found == ["javascript"]
    put("restricted_docs_documentversion", "findings", "[]", "id", version.pk)
    for page in ("document-open", "document-download"):
        is_refused(cast.lead_chair, reverse(page, args=[document.review_id, document.pk, 1]))


@pytest.mark.parametrize("value", ["null", "[[]]"])
def test_the_page_of_a_paper_whose_row_holds_nonsense_says_so(cast: Cast, document: Document, value: str) -> None:
    version = DocumentVersion.objects.get(document=document)
    put("restricted_docs_documentversion", "findings", value, "id", version.pk)
    is_refused(cast.officer, reverse("document", args=[document.review_id, document.pk]))
