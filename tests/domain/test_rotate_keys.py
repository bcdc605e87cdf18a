"""Changing keys while people work: everything opens before, during and after; cut short, it goes on."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from dhr.audit.models import AuditEntry
from dhr.audit.verify import verify
from dhr.reviews.identities import names_in, reveal
from dhr.reviews.models import Notification, Review, SealedIdentity
from restricted_docs import fields, filing, resealing, rotating, strongroom
from restricted_docs.filing import file_document
from restricted_docs.management.progress import Progress
from restricted_docs.models import DocumentVersion
from restricted_docs.parking import park, take_up
from restricted_docs.reading import open_paper
from restricted_docs.upload import take_in
from restricted_docs.vault.errors import Damaged
from restricted_docs.vault.receipt import Scope, mint
from tests import build
from tests.cast import Cast
from tests.papers_desk import PDF, latest, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(cast: Cast) -> Review:
    return build.review_at("agree_draft", cast)


@pytest.fixture
def document(cast: Cast, review: Review) -> Any:
    return paper(review, cast.officer)


def content(version: DocumentVersion, by: Any) -> bytes:
    return b"".join(open_paper(version, by=by)[0])


def texts_of(review: Review) -> dict[str, str]:
    """Every sealed text of the review, opened with receipts of the test's own."""
    receipts = [
        mint(seq=1, leaf=bytes(32), person=None, container=review.pk, scope=scope)
        for scope in (Scope.NARRATIVE, Scope.IDENTITY)
    ]
    found = {}
    with fields.reading(*receipts):
        for model, sealed in rotating.sealed_models():
            for field in sealed:
                if field.container != "review_id" and field.model.__name__ != "SavedAnswers":
                    continue
                for row in model._base_manager.filter(review_id=review.pk):
                    found[f"{model.__name__}.{field.name}:{row.pk}"] = getattr(row, field.name)
    return found


def events(*names: str) -> list[str]:
    return list(AuditEntry.objects.filter(event__in=names).order_by("seq").values_list("event", flat=True))


# the root key


def test_a_new_root_key_wraps_every_container_key_and_every_text_still_opens(review: Review) -> None:
    before, old_id = texts_of(review), strongroom.root().current_id()
    count = rotating.rotate_root(by=None)
    keys = strongroom.container_keys()
    assert strongroom.root().current_id() != old_id
    assert count == len(keys.containers()) >= 3
    assert keys.wrapped_by_others() == 0
    assert texts_of(review) == before != {}
    assert events("keys.rotation_begun", "keys.rotated") == ["keys.rotation_begun", "keys.rotated"]
    assert AuditEntry.objects.get(event="keys.rotated").facts["key"] == strongroom.root().current_id()


def test_a_change_of_the_root_key_that_was_cut_short_is_finished_without_another_key(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    strongroom.root().renew()
    renewed = strongroom.root().current_id()
    assert strongroom.container_keys().wrapped_by_others() > 0
    rotating.rotate_root(by=None)
    assert strongroom.root().current_id() == renewed
    assert strongroom.container_keys().wrapped_by_others() == 0


# the key of one review


def test_a_new_key_for_a_review_opens_everything_that_the_old_one_did(
    cast: Cast, review: Review, document: Any
) -> None:
    before, old = texts_of(review), strongroom.container_keys().key(review.pk)
    parked = park(take_in(review, "waiting.pdf", PDF), owner=cast.officer, review=review)
    count = rotating.rotate_review(review, by=None, settling=0)
    keys = strongroom.container_keys()
    assert keys.key(review.pk) != old
    assert keys.previous(review.pk) is None
    assert count >= sum(bool(text) for text in before.values()) / 3
    assert texts_of(review) == before
    assert content(latest(document), cast.officer) == PDF
    waiting = take_up(str(parked.token), "waiting.pdf", owner=cast.officer, review=review)
    assert waiting is not None
    assert strongroom.vault().rewrap_document(waiting.context, waiting.blob) is None
    assert AuditEntry.objects.get(event="keys.review_rotated").facts["count"] == count


def test_nothing_of_the_review_is_under_the_old_key_afterwards(review: Review, document: Any) -> None:
    old = strongroom.container_keys().key(review.pk)
    stored = {pk: bytes(sealed) for pk, sealed in Notification.objects.values_list("pk", "circumstances_sealed")}
    wrapped = bytes(latest(document).wrapped_key)
    rotating.rotate_review(review, by=None, settling=0)
    assert all(bytes(n.circumstances_sealed) != stored[n.pk] for n in Notification.objects.all())
    assert bytes(latest(document).wrapped_key) != wrapped
    content_of_folder = b"".join(
        path.read_bytes() for path in (Path(settings.VAR) / "keys").rglob("*") if path.is_file()
    )
    assert old not in content_of_folder
    assert rotating._sweep(review, rotating.unwatched) == 0


def test_names_are_still_found_and_revealed_after_the_change(cast: Cast, review: Review) -> None:
    identity = SealedIdentity.objects.get(review=review)
    marks = identity.marks
    rotating.rotate_review(review, by=None, settling=0)
    assert names_in(review, f"A letter to {build.CANARY_NAME}")
    assert SealedIdentity.objects.get(pk=identity.pk).marks != marks
    assert reveal(SealedIdentity.objects.get(pk=identity.pk), by=cast.officer)[0] == build.CANARY_NAME


def test_the_opening_of_names_for_their_marks_is_a_line_before_it_happens(review: Review) -> None:
    rotating.rotate_review(review, by=None, settling=0)
    assert events("keys.rotation_begun", "keys.review_rotated") == ["keys.rotation_begun", "keys.review_rotated"]
    assert AuditEntry.objects.get(event="keys.rotation_begun").review == review.pk


def test_other_reviews_keep_their_keys(cast: Cast, review: Review) -> None:
    other = build.notify(cast)
    key, before = strongroom.container_keys().key(other.pk), texts_of(other)
    rotating.rotate_review(review, by=None, settling=0)
    assert strongroom.container_keys().key(other.pk) == key
    assert texts_of(other) == before


def test_readers_and_writers_work_on_while_both_keys_are_there(cast: Cast, review: Review, document: Any) -> None:
    held_before = list(Notification.objects.filter(review=review))
    version = latest(document)
    upload = take_in(review, "begun before.pdf", PDF)
    strongroom.container_keys().renew(review.pk)
    receipt = mint(seq=1, leaf=bytes(32), person=None, container=review.pk, scope=Scope.NARRATIVE)
    with fields.reading(receipt):
        assert held_before[0].circumstances == build.CANARY_TEXT
    assert content(version, cast.officer) == PDF
    written = paper(review, cast.officer)
    assert strongroom.vault().rewrap_document(latest(written).context, latest(written).blob) is None
    assert strongroom.vault().rewrap_document(upload.context, upload.blob) is not None
    rotating._sweep(review, rotating.unwatched)
    with fields.reading(receipt):
        assert held_before[0].circumstances == build.CANARY_TEXT
    assert content(version, cast.officer) == PDF


def test_an_upload_that_outlasts_the_change_is_under_the_new_key(review: Review) -> None:
    from restricted_docs.models.blobs import place_of

    context = place_of(review.pk, review.pk, 1)
    sealer = strongroom.vault().seal_document(context)
    sealer.update(b"first half, ")
    strongroom.container_keys().renew(review.pk)
    sealer.update(b"second half")
    blob = sealer.finish()
    assert strongroom.vault().rewrap_document(context, blob) is None


def test_what_was_sealed_by_the_old_key_meanwhile_is_found_before_the_old_key_goes(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = take_in(review, "late.pdf", PDF)
    filed = []

    def somebody_files(_seconds: float) -> None:
        if not filed:
            filed.append(file_document(review, by=cast.officer, upload=late, title="Late", kind="other"))

    monkeypatch.setattr(rotating.time, "sleep", somebody_files)
    rotating.rotate_review(review, by=None, settling=1)
    assert strongroom.container_keys().previous(review.pk) is None
    assert content(latest(filed[0]), cast.officer) == PDF


def test_a_change_that_was_cut_short_is_finished_and_nothing_is_unreadable_in_between(
    cast: Cast, review: Review, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, calls = texts_of(review), []
    real = rotating._reseal_again

    def fails_soon(*args: Any) -> bool:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(rotating, "AT_ONCE", 2)
    monkeypatch.setattr(rotating, "_reseal_again", fails_soon)
    with pytest.raises(KeyboardInterrupt):
        rotating.rotate_review(review, by=None, settling=0)
    keys = strongroom.container_keys()
    new = keys.key(review.pk)
    assert keys.previous(review.pk) is not None
    assert texts_of(review) == before
    assert content(latest(document), cast.officer) == PDF
    monkeypatch.setattr(rotating, "_reseal_again", real)
    rotating.rotate_review(review, by=None, settling=0)
    assert keys.key(review.pk) == new
    assert keys.previous(review.pk) is None
    assert texts_of(review) == before


# the papers


def test_papers_are_sealed_again_as_new_files_and_the_old_files_go(cast: Cast, review: Review, document: Any) -> None:
    old = {row.pk: (row.blob_name, bytes(row.wrapped_key)) for row in DocumentVersion.objects.filter(review=review)}
    count = resealing.reseal_papers(review, by=None, settling=0)
    assert count == len(old) >= 2
    for row in DocumentVersion.objects.filter(review=review):
        assert row.blob_name != old[row.pk][0]
        assert bytes(row.wrapped_key) != old[row.pk][1]
        assert not stored(old[row.pk][0]).exists()
    assert content(latest(document), cast.officer) == PDF
    assert events("keys.papers_resealed") == ["keys.papers_resealed"]
    assert list((Path(settings.VAR) / "rotations").iterdir()) == []


def stored(name: str) -> Path:
    return Path(settings.VAR) / "papers" / name[:2] / name


def test_sealing_papers_again_goes_on_where_it_was_cut_short(
    cast: Cast, review: Review, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = resealing._reseal, []

    def fails_second(*args: Any) -> bool:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    old = set(DocumentVersion.objects.filter(review=review).values_list("blob_name", flat=True))
    monkeypatch.setattr(resealing, "_reseal", fails_second)
    with pytest.raises(KeyboardInterrupt):
        resealing.reseal_papers(review, by=None, settling=0)
    half = set(DocumentVersion.objects.filter(review=review).values_list("blob_name", flat=True))
    assert len(half - old) == 1
    assert content(latest(document), cast.officer) == PDF
    monkeypatch.setattr(resealing, "_reseal", real)
    assert resealing.reseal_papers(review, by=None, settling=0) == len(old) - 1
    now = set(DocumentVersion.objects.filter(review=review).values_list("blob_name", flat=True))
    assert half - old < now
    assert not now & old
    assert not any(stored(name).exists() for name in old)


def test_a_paper_from_before_the_log_said_how_it_was_sealed_opens_once_it_is_sealed_again(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(filing, "sealing_of", lambda _version: "")
        old = paper(review, cast.officer)
    with pytest.raises(Damaged, match="not the version that was filed"):
        content(latest(old), cast.officer)
    resealing.reseal_papers(review, by=None, settling=0)
    assert content(latest(old), cast.officer) == PDF


def test_a_reader_who_opened_the_old_file_reads_it_to_the_end(cast: Cast, review: Review, document: Any) -> None:
    pieces, _ = open_paper(latest(document), by=cast.officer)
    resealing.reseal_papers(review, by=None, settling=0)
    assert b"".join(pieces) == PDF


def test_a_reader_who_read_the_row_before_the_change_gets_the_new_file(
    cast: Cast, review: Review, document: Any
) -> None:
    version = latest(document)
    resealing.reseal_papers(review, by=None, settling=0)
    assert content(version, cast.officer) == PDF


def test_every_table_that_names_a_sealed_file_says_its_review_and_its_place() -> None:
    assert len(rotating.paper_models()) >= 3
    for model in rotating.paper_models():
        assert model._meta.get_field("review").related_model is Review
        assert isinstance(model.context, property)


def test_a_paper_that_goes_while_it_is_sealed_again_leaves_no_file(cast: Cast, review: Review) -> None:
    parked = park(take_in(review, "gone.pdf", PDF), owner=cast.officer, review=review)
    type(parked).objects.all().delete()
    before = {path.name for path in (Path(settings.VAR) / "papers").rglob("*") if path.is_file()}
    assert not resealing._reseal(review, parked)
    assert {path.name for path in (Path(settings.VAR) / "papers").rglob("*") if path.is_file()} == before


# the command


def test_the_command_tells_how_far_it_is_and_what_it_did(review: Review, document: Any) -> None:
    out = io.StringIO()
    for options in (["--root"], ["--review", review.reference], ["--data", str(review.pk)]):
        call_command("rotate_keys", *options, "--settling", "0", stdout=out)
    said = out.getvalue()
    assert "container keys are under the new one" in said
    assert f"The key of {review.reference} was changed" in said
    assert "the old files are gone" in said
    assert " of " in said
    assert verify().whole


def test_the_command_says_what_it_was_told_wrongly(review: Review) -> None:
    with pytest.raises(CommandError, match="No review is called DHR999"):
        call_command("rotate_keys", "--review", "DHR999")
    with pytest.raises(CommandError, match="one of the arguments"):
        call_command("rotate_keys")


def test_a_fault_is_one_sentence_and_the_command_can_be_run_again(review: Review) -> None:
    strongroom.container_keys().destroy(review.pk)
    with pytest.raises(CommandError, match=r"was destroyed.*run this again"):
        call_command("rotate_keys", "--review", review.reference, "--settling", "0", stdout=io.StringIO())


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_everything_else_a_line_now_and_then() -> None:
    from django.core.management.base import OutputWrapper

    bar, lines = Terminal(), io.StringIO()
    for out in (bar, lines):
        progress = Progress(OutputWrapper(out), "rows")
        for done in range(1, 101):
            progress(done, 100)
    assert bar.getvalue().count("\r") == 100
    assert f"[{'#' * 40}] 100 of 100 rows\n" in bar.getvalue()
    assert "\r" not in lines.getvalue()
    assert 10 <= lines.getvalue().count("\n") <= 12


def test_two_runs_on_one_review_and_a_third_after_the_first_lose_nothing(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run is at its end when the first has finished and a third has just made its new key."""
    keys, before = strongroom.container_keys(), texts_of(review)
    keys.renew(review.pk)  # by the first run, which is under way
    real = rotating._finish

    def meanwhile(*args: Any, **options: Any) -> None:
        keys.forget_previous(review.pk)
        keys.renew(review.pk)
        real(*args, **options)

    monkeypatch.setattr(rotating, "_finish", meanwhile)
    rotating.rotate_review(review, by=None, settling=0)
    assert texts_of(review) == before
    assert keys.previous(review.pk) is not None
