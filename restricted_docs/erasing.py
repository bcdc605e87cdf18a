"""Erasing a review: two people order it, its key is destroyed everywhere, its papers are deleted, and a certificate says so.

The review's row, its codes and dates, and the access log stay: the log goes on verifying. What the key sealed stays
where it is, in the database and its backups, and can never be read again (docs/decisions/keys-and-erasure.md).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from dhr import clock
from dhr.reviews.models import Review
from dhr.usecase import AlreadyDone, NotYet, Refused, ask, record, use_case

from . import strongroom
from .certificates import certify, facts_digest
from .models import Erasure
from .orphans import delete_blob
from .resealing import old_blobs_left
from .rotating import Watch, paper_models, unwatched
from .vault.errors import VaultError
from .vocabulary import ErasureReason

ERASE = "restricted_docs.erase_review"


def erase_review(review: Review, *, by: Any, second: Any, reason: str, watch: Watch = unwatched) -> Erasure:
    """Erase what is sealed of a closed review; the erasure with its certificate.

    Raises Refused unless both people may and they are two, NotYet for a review that is open, AlreadyDone, VaultError.
    Cut short, it is finished by ordering it again.
    """
    erasure = order_erasure(review, by=by, second=second, reason=reason)
    strongroom.container_keys().destroy(review.pk)
    papers = _delete_papers(review, watch)
    complete_erasure(erasure, by=by, papers=papers)
    certify(erasure)
    return erasure


@use_case(ERASE, standing=True)
def order_erasure(review: Review, *, by: Any, second: Any, reason: str) -> Erasure:
    """Write down that two people order it, before anything is destroyed. Ordered again, it is the same order."""
    if by.pk == second.pk:
        raise Refused("Two different people order an erasure. Ask a second one.", needs=ERASE, subject=review)
    ask(second, ERASE, None)
    if review.is_open:
        raise NotYet("Only a review that is closed or cancelled can be erased. Close or cancel it first.")
    found = Erasure.objects.filter(review=review).first()
    if found is not None and found.certificate:
        raise AlreadyDone("This review has been erased already.")
    erasure = found or Erasure(
        review=review, reason=ErasureReason(reason), ordered_by=by, second=second, ordered_at=clock.now()
    )
    erasure.keys = sorted({*erasure.keys, *_names_of_keys(review)})
    erasure.save()
    record("erasure.ordered", review, whom=second.pk, reason=str(erasure.reason))
    return erasure


def _names_of_keys(review: Review) -> list[str]:
    """Without a root key they cannot be named; they can be destroyed all the same."""
    with suppress(VaultError):
        return strongroom.container_keys().fingerprints(review.pk)
    return []


def _delete_papers(review: Review, watch: Watch) -> int:
    """Delete every sealed file of the review; returns how many rows named one. The rows stay."""
    names = [name for model in paper_models() for name in _blobs_in(model, review)]
    left = old_blobs_left(review)
    for done, name in enumerate([*names, *left], start=1):
        delete_blob(name)
        watch(done, len(names) + len(left))
    return len(names)


def _blobs_in(model: Any, review: Review) -> list[str]:
    return list(model._base_manager.filter(review=review).values_list("blob_name", flat=True))


@use_case(None)
def complete_erasure(erasure: Erasure, *, by: Any, papers: int) -> Erasure:
    """Write down that it is done. The line carries a digest of what the certificate says."""
    erasure.papers = papers
    erasure.completed_at = clock.now()
    erasure.save(update_fields=["papers", "completed_at"])
    record("erasure.completed", erasure.review, papers=papers, keys=len(erasure.keys), facts=facts_digest(erasure))
    return erasure
