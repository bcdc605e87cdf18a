"""Deleting sealed files that no row names: a process was killed (kill -9, a power cut) between a file and its row.

The key of such a file was never stored, or went with its row: nobody can open it. But a row can be missing for a worse reason:
it was taken out of the database, or an older database was put back. So nothing goes that the access log says was filed, and
nothing at all while the log is not whole.
"""

from __future__ import annotations

import hashlib
from typing import Any

from dhr import clock
from dhr.audit.verify import verify
from dhr.usecase import record, use_case

from .models.parked import KEPT_FOR
from .orphans import delete_blob, papers
from .provenance import is_filed
from .resealing import being_replaced
from .rotating import paper_models
from .vault.blobs import is_unfinished
from .vault.documents import HEADER_BYTES
from .vault.errors import Damaged

# Between a file and its row lie seconds, at most the time limit of a request; what waits for its form (a day) has a row.
SAFE_AGE = 2 * KEPT_FOR
AT_ONCE = 500  # names in one question to the database


class LogNotWhole(Exception):
    """There are files that no row names, and nothing was deleted, because it is not known why. `sentence` says what to do."""

    def __init__(self, verdict: str) -> None:
        self.sentence = (
            "There are sealed files that no row names, and none was deleted, because the access log does not agree with this "
            f"database: {verdict} See docs/runbooks/access-log.md."
        )
        super().__init__(self.sentence)


def sweep_papers() -> int:
    """Delete the files in the papers folder that no row names and nobody has written to for two days; returns how many.

    Writes its line first. Raises LogNotWhole, VaultUnavailable; then nothing was deleted.
    """
    names = _leftovers()
    if not names:
        return 0
    verdict = verify()
    if not verdict.whole:
        raise LogNotWhole(verdict.sentence)
    _note(None, by=None, count=len(names))
    for name in names:
        delete_blob(name)
    return len(names)


@use_case(None)
def _note(_: None, *, by: Any, count: int) -> None:
    record("document.leftovers_deleted", count=count)


def _leftovers() -> list[str]:
    old = sorted(papers().untouched_since((clock.now() - SAFE_AGE).timestamp()))
    unnamed = [name for start in range(0, len(old), AT_ONCE) for name in _without_row(old[start : start + AT_ONCE])]
    # After the rows: whoever changes a row has put its old file on a list before.
    replaced = being_replaced() if unnamed else frozenset()
    return [name for name in unnamed if name not in replaced and not _was_filed(name)]


def _without_row(names: list[str]) -> list[str]:
    """In one question for all tables: an upload that becomes a paper meanwhile is seen in one of them."""
    first, *others = (
        model._base_manager.filter(blob_name__in=names).order_by().values_list("blob_name", flat=True)
        for model in paper_models()
    )
    named = set(first.union(*others))
    return [name for name in names if name not in named]


def _was_filed(name: str) -> bool:
    """Whether the log tells of this file as the paper of a version: then its row was lost, and the file is to stay."""
    if is_unfinished(name):
        return False
    try:
        with papers().open(name) as file:
            return is_filed(hashlib.sha256(file.read(HEADER_BYTES)).hexdigest())
    except Damaged:  # gone meanwhile
        return True
