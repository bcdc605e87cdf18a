"""Filing a paper and adding versions to it: who may, what is kept, and the line in the log."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from dhr.audit.models import AuditEntry
from dhr.reviews import memberships
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, NotYet, Refused
from restricted_docs.filing import (
    add_version,
    change_title,
    file_document,
    release_to_panel,
)
from restricted_docs.models import Document
from restricted_docs.reading import open_paper
from restricted_docs.upload import take_in
from restricted_docs.vocabulary import Audience
from tests.cast import Cast
from tests.papers_desk import PDF, VIEW, latest, notify, paper, review_with_everybody, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return review_with_everybody(cast)


# filing


def test_a_filed_paper_is_sealed_and_comes_back_byte_for_byte(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    pieces, size = open_paper(latest(document), by=cast.officer)
    assert (b"".join(pieces), size) == (PDF, len(PDF))
    stored = Path(settings.VAR) / "papers"
    name = latest(document).blob_name
    assert b"the whole account" not in (stored / name[:2] / name).read_bytes()


def test_filing_is_one_line_in_the_log_that_says_what_but_not_its_title(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer, title="Letter about the ninth of May")
    entry = AuditEntry.objects.about(str(document.pk)).get()
    assert (entry.event, entry.person, entry.version) == ("document.filed", cast.officer.pk, 1)
    assert entry.facts == {
        "kind": "other",
        "audience": "officers_and_chairs",
        "marking": "official_sensitive",
        "bytes": len(PDF),
        "sealing": bytes(latest(document).header_sha256).hex(),
        "nature": hashlib.sha256(b"application/pdf").hexdigest()[:16],
    }
    assert str(document) == f"document of {review.reference}"


def test_an_officer_files_for_somebody_else_and_the_log_keeps_both(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer, on_behalf=cast.lead_chair)
    entry = AuditEntry.objects.about(str(document.pk)).get()
    assert (entry.person, entry.on_behalf_of) == (cast.officer.pk, cast.lead_chair.pk)
    with pytest.raises(Refused):
        paper(review, cast.lead_chair, on_behalf=cast.author)


@pytest.mark.parametrize(
    "person", ["stranger", "board_chair", "auditor", "monitoring", "administrator", "team_manager"]
)
def test_who_has_no_such_part_files_nothing(cast: Cast, review: Review, person: str) -> None:
    with pytest.raises(Refused):
        paper(review, getattr(cast, person))
    assert not Document.objects.exists()


def test_what_a_panel_member_files_lands_with_officers_and_chairs_whatever_is_asked(cast: Cast, review: Review) -> None:
    document = paper(review, cast.panel_member, audience=Audience.PANEL)
    assert document.audience == Audience.OFFICERS_AND_CHAIRS
    assert who(cast, document, VIEW) == {"officer", "lead_chair", "second_chair", "author"}


def test_a_title_with_a_word_of_a_sealed_name_is_a_warning_until_confirmed(cast: Cast, review: Review) -> None:
    with pytest.raises(ValidationError, match="sealed name"):
        paper(review, cast.officer, title="Statement about Quillfeather")
    document = paper(review, cast.officer, title="Statement about Quillfeather", names_checked=True)
    with pytest.raises(ValidationError, match="sealed name"):
        change_title(document, by=cast.officer, title="Zéphyrine again")
    change_title(document, by=cast.officer, title="  Statement   of a neighbour ")
    document.refresh_from_db()
    assert document.title == "Statement of a neighbour"


@pytest.mark.parametrize("title", ["", "   ", "x" * 151])
def test_a_title_is_there_and_fits(cast: Cast, review: Review, title: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        paper(review, cast.officer, title=title)
    assert set(wrong.value.message_dict) == {"title"}


def test_the_same_upload_is_filed_once(cast: Cast, review: Review) -> None:
    upload = take_in(review, "a.pdf", PDF)
    file_document(review, by=cast.officer, upload=upload, title="One", kind="other")
    with pytest.raises(AlreadyDone):
        file_document(review, by=cast.officer, upload=upload, title="Two", kind="other")


def test_an_upload_for_one_review_is_not_filed_on_another(cast: Cast, review: Review) -> None:
    other = notify(cast)
    upload = take_in(other, "a.pdf", PDF)
    with pytest.raises(ValidationError):
        file_document(review, by=cast.officer, upload=upload, title="One", kind="other")


# versions


def test_versions_are_added_and_all_stay(cast: Cast, review: Review) -> None:
    document = paper(review, cast.lead_chair, kind="overview_report")
    second = add_version(document, by=cast.author, upload=take_in(review, "b.pdf", PDF + b"%%EOF", document=document))
    assert [version.number for version in document.versions.all()] == [2, 1]
    assert b"".join(open_paper(second, by=cast.officer)[0]) == PDF + b"%%EOF"


def test_a_version_that_another_was_quicker_than_is_not_filed(cast: Cast, review: Review) -> None:
    document = paper(review, cast.officer)
    first, late = (take_in(review, "b.pdf", PDF, document=document) for _ in range(2))
    add_version(document, by=cast.officer, upload=first)
    with pytest.raises(NotYet, match="Look at theirs"):
        add_version(document, by=cast.officer, upload=late)
    assert document.versions.count() == 2


@pytest.mark.parametrize(
    ("kind", "may"),
    [("overview_report", {"officer", "lead_chair", "second_chair", "author"}), ("correspondence", {"officer"})],
)
def test_who_may_add_a_version(cast: Cast, review: Review, kind: str, may: set[str]) -> None:
    document = paper(review, cast.officer, kind=kind, audience=Audience.PANEL)
    release_to_panel(document, by=cast.lead_chair)
    for name in ("officer", "lead_chair", "second_chair", "author", "panel_member", "stranger", "board_chair"):
        upload = take_in(review, "b.pdf", PDF, document=document)
        if name in may:
            add_version(document, by=getattr(cast, name), upload=upload)
        else:
            with pytest.raises(Refused):
                add_version(document, by=getattr(cast, name), upload=upload)


def test_whoever_filed_a_paper_adds_to_it_while_they_may_file(cast: Cast, review: Review) -> None:
    document = paper(review, cast.panel_member)
    add_version(document, by=cast.panel_member, upload=take_in(review, "b.pdf", PDF, document=document))
    membership = review.membership_set.get(user=cast.panel_member)
    memberships.end_membership(review, by=cast.officer, membership=membership, reason="Moved on.")
    with pytest.raises(Refused):
        add_version(document, by=cast.panel_member, upload=take_in(review, "b.pdf", PDF, document=document))
