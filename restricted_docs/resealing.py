"""The papers of one review under new data keys: each is sealed again as a new file, its row changes to that, the old file goes.

The list of old files is written down before the first change (`rotations/<review>.json`). A paper is still to do while
its row names one of them, so that a run that was cut short goes on; a file goes only when no row names it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dhr.reviews.models import Review
from dhr.usecase import record, use_case

from . import strongroom
from .models import DocumentVersion, ParkedUpload
from .models.blobs import columns_of
from .orphans import delete_blob
from .provenance import note_resealed
from .rotating import SETTLING, Watch, unwatched
from .taking import drop, is_kept
from .vault.errors import VaultUnavailable
from .vault.files import make_folder, write_once


def reseal_papers(review: Review, *, by: Any, watch: Watch = unwatched, settling: float = SETTLING) -> int:
    """Every paper of the review under a new data key; returns how many. Raises VaultError; then run it again.

    People who opened a paper before its change have `settling` seconds to ask for the old file.
    """
    _begin(review, by=by)
    old = _old_blobs(review)
    count = 0
    while rows := list(_to_do(review, old)):
        for done, row in enumerate(rows, start=1):
            count += _reseal(review, row)
            watch(done, len(rows))
    time.sleep(settling)
    for name in old:
        if not is_kept(name):
            delete_blob(name)
    _finish(review, by=by, count=count)
    _list_of(review.pk).unlink(missing_ok=True)
    return count


@use_case(None)
def _begin(review: Review, *, by: Any) -> None:
    record("keys.rotation_begun", review, what="papers")


@use_case(None)
def _finish(review: Review, *, by: Any, count: int) -> None:
    record("keys.papers_resealed", review, count=count)


def _lists() -> Path:
    return Path(settings.VAR) / "rotations"


def _list_of(review: UUID) -> Path:
    return _lists() / f"{review.hex}.json"


def being_replaced() -> frozenset[str]:
    """The files on every list of a change that is under way, or was cut short and will be finished. Raises VaultUnavailable."""
    return frozenset().union(*(_listed(path) for path in _lists().glob("*.json")))


def old_blobs_left(review: Review) -> list[str]:
    """Files that an earlier run replaced, or was to replace, and did not delete. Their list is deleted with this answer."""
    listed = _list_of(review.pk)
    names = sorted(_old_blobs(review)) if listed.exists() else []
    listed.unlink(missing_ok=True)
    return names


def _old_blobs(review: Review) -> frozenset[str]:
    """The files to replace: those of an earlier run that was cut short, or all that there are now."""
    listed = _list_of(review.pk)
    make_folder(listed.parent)
    if not listed.exists():
        names = [row.blob_name for row in _rows(review)]
        with suppress(FileExistsError):  # another run was first: its list counts
            write_once(listed, json.dumps(names).encode())
    return _listed(listed)


def _listed(path: Path) -> frozenset[str]:
    try:
        return frozenset(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        raise VaultUnavailable(
            "The list of papers under rotations/ cannot be read. Delete it to begin with every paper again."
        ) from None


def _rows(review: Review) -> Iterator[Any]:
    """Parts of uploads under way are left alone: within a day they are a paper under a new key, or gone."""
    for model in (DocumentVersion, ParkedUpload):
        yield from model._base_manager.filter(review=review)


def _to_do(review: Review, old: frozenset[str]) -> Iterator[Any]:
    return (row for row in _rows(review) if row.blob_name in old)


def _reseal(review: Review, row: Any) -> bool:
    """Seal it again without holding anybody up, then change the row if it still names the old file."""
    again = strongroom.vault().reseal_document(row.context, row.blob)
    try:
        with transaction.atomic(durable=True):
            review.take_lock()
            mine = type(row)._base_manager.filter(pk=row.pk, blob_name=row.blob_name)
            changed = mine.update(**columns_of(again))
            if changed and isinstance(row, DocumentVersion):
                row.refresh_from_db()
                note_resealed(row)
    finally:
        drop(again)  # unless the row names it now
    return bool(changed)
