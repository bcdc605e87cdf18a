"""Files that a killed process left in the papers folder go; what a row names, what is young and what the log knows stays."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from dhr import clock
from dhr.audit import checkpoints, log, shipping
from dhr.audit.models import AuditEntry
from dhr.reviews.models import Review
from restricted_docs import arriving, resealing, rotating, sweeping
from restricted_docs.models import DocumentVersion
from restricted_docs.orphans import papers
from restricted_docs.parking import park
from restricted_docs.reading import open_paper
from restricted_docs.taking import SealedUpload
from restricted_docs.upload import places, take_in
from restricted_docs.vault.blobs import NewBlobFile
from tests import build
from tests.cast import Cast, make_cast
from tests.papers_desk import PDF, latest, paper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings(
        "ignore:This process:DeprecationWarning"
    ),  # from Python 3.12 on, of a fork beside threads
]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    review = build.notify(cast)
    paper(review, cast.officer)
    return review


@pytest.fixture(autouse=True)
def _no_file_is_old_yet() -> None:
    """What earlier tests left in the folder, whose rows went with them, is young."""
    for path in folder().rglob("*"):
        os.utime(path)


def files() -> set[str]:
    return {path.name for path in folder().rglob("*") if path.is_file()}


def folder() -> Path:
    return Path(settings.VAR) / "papers"


def a_file(content: bytes = b"sealed, and no row knows it") -> str:
    blob = papers().new()
    blob.write(content)
    return blob.keep()


def aged(*names: str, days: float = 2.1) -> None:
    """Nobody has written to these for so long."""
    then = clock.now().timestamp() - days * 86_400
    for name in names:
        os.utime(folder() / name[:2] / name, (then, then))


def killed(run: Callable[[], Any]) -> None:
    """Run in a process of its own, which does not survive it (kill -9)."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def unwritable(_lines: Any) -> Any:
    raise log.LogUnavailable


def dies(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def clear() -> str:
    said = StringIO()
    call_command("clear_uploads", stdout=said)
    return said.getvalue()


def lines() -> list[dict[str, Any]]:
    return [line.facts for line in AuditEntry.objects.of_event("document.leftovers_deleted").oldest_first()]


def test_what_a_killed_change_of_keys_left_is_deleted_two_days_later(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files()
    with monkeypatch.context() as patched:
        patched.setattr(resealing, "columns_of", dies)  # the new file is written, its row is not
        killed(lambda: resealing.reseal_papers(review, by=None, settling=0))
    (left,) = files() - before
    resealing.reseal_papers(review, by=None, settling=0)
    assert left in files()  # a change that is run again does not know of it
    aged(left)
    assert clear().endswith("1 sealed files that no row names were deleted.\n")
    assert left not in files()
    assert lines() == [{"count": 1}]
    assert clear().endswith("0 sealed files that no row names were deleted.\n")
    assert lines() == [{"count": 1}]
    assert b"".join(open_paper(latest(review.document_set.get()), by=cast.officer)[0]) == PDF


def test_what_a_killed_upload_left_is_deleted_whole_or_in_part(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files()
    for place, moment in ((NewBlobFile, "keep"), (SealedUpload, "__init__")):
        with monkeypatch.context() as patched:
            patched.setattr(place, moment, dies)
            killed(lambda: take_in(review, "cut.pdf", PDF))
    left = files() - before
    assert sorted(name.endswith(".part") for name in left) == [False, True]
    aged(*left)
    assert sweeping.sweep_papers() == 2
    assert not left & files()


def test_what_a_row_names_stays_however_old_it_is(cast: Cast, review: Review) -> None:
    park(take_in(review, "waits.pdf", PDF), owner=cast.officer, review=review)
    part = arriving.begin(next(places(review)), owner=cast.officer, review=review, name="part.pdf", length=9)
    arriving.receive(part, offset=0, read=io.BytesIO(b"%PDF-").read, length=5)
    kept = {name for model in rotating.paper_models() for name in model.objects.values_list("blob_name", flat=True)}
    assert len(kept) == 3
    aged(*kept, days=400)
    assert sweeping.sweep_papers() == 0
    assert kept <= files()
    assert lines() == []


def test_a_file_that_is_younger_than_two_days_stays_finished_or_not(review: Review) -> None:
    whole, unfinished = a_file(), papers().new()
    unfinished.write(b"on its way")
    aged(whole, days=1.9)
    before = files()
    assert sweeping.sweep_papers() == 0
    assert files() == before
    aged(whole, days=2.1)
    assert sweeping.sweep_papers() == 1
    assert before - files() == {whole}
    unfinished.discard()


def test_what_a_change_of_keys_that_was_cut_short_still_lists_is_left_to_it(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = DocumentVersion.objects.get(review=review).blob_name
    with monkeypatch.context() as patched:
        patched.setattr(resealing, "delete_blob", dies)  # the row names the new file
        killed(lambda: resealing.reseal_papers(review, by=None, settling=0))
    assert DocumentVersion.objects.get(review=review).blob_name != old
    aged(old)
    assert sweeping.sweep_papers() == 0
    assert old in files()
    resealing.reseal_papers(review, by=None, settling=0)
    assert old not in files()


def test_a_replaced_file_goes_also_when_the_list_was_deleted_by_hand(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = DocumentVersion.objects.get(review=review).blob_name
    with monkeypatch.context() as patched:
        patched.setattr(resealing, "delete_blob", dies)
        killed(lambda: resealing.reseal_papers(review, by=None, settling=0))
    (Path(settings.VAR) / "rotations" / f"{review.pk.hex}.json").unlink()
    aged(old, DocumentVersion.objects.get(review=review).blob_name)
    assert sweeping.sweep_papers() == 1
    assert old not in files()


def test_a_list_that_cannot_be_read_stops_it(review: Review) -> None:
    left = a_file()
    aged(left)
    listed = Path(settings.VAR) / "rotations" / "spoilt.json"
    listed.parent.mkdir(exist_ok=True)
    listed.write_text("[")
    try:
        with pytest.raises(CommandError, match="under rotations/ cannot be read"):
            clear()
    finally:
        listed.unlink()
    assert left in files()
    assert sweeping.sweep_papers() == 1


def test_a_paper_whose_row_was_taken_out_stays_for_the_day_it_is_put_back(cast: Cast, review: Review) -> None:
    version = DocumentVersion.objects.get(review=review)
    aged(version.blob_name)
    DocumentVersion.objects.filter(pk=version.pk).update(blob_name="f" * 32)
    assert sweeping.sweep_papers() == 0
    DocumentVersion.objects.filter(pk=version.pk).update(blob_name=version.blob_name)
    assert b"".join(open_paper(latest(review.document_set.get()), by=cast.officer)[0]) == PDF


def test_nothing_goes_while_an_older_database_is_in_its_place(review: Review) -> None:
    left = a_file()
    aged(left)
    shipping.ship(checkpoints.signer().sign(1_000_000, bytes(32)))  # the log had this many lines once
    with pytest.raises(CommandError, match=r"none was deleted.* it ends at line \d+, and had 1,000,000 lines"):
        clear()
    assert left in files()
    assert lines() == []


def test_nothing_goes_without_its_line(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    left = a_file()
    aged(left)
    with monkeypatch.context() as patched:
        patched.setattr(log, "append", unwritable)
        with pytest.raises(CommandError, match="cannot be written"):
            clear()
    assert left in files()
    assert sweeping.sweep_papers() == 1


@pytest.mark.parametrize("name", ["notes.txt", "notes.part"])
def test_a_file_that_no_store_named_is_not_its_business(review: Review, name: str) -> None:
    strange = folder() / "ab" / name
    strange.parent.mkdir(exist_ok=True)
    strange.write_text("from somebody with the folder in hand")
    os.utime(strange, (0, 0))
    try:
        assert sweeping.sweep_papers() == 0
    finally:
        strange.unlink()
