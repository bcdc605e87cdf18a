"""Changing keys: the root key, and the key of one review. What is stored is the state: run again, it goes on where it was.

People may work meanwhile. A container's key file holds the new key and the one before it until nothing is sealed by the
old one any more; whoever read a row before the change still opens it, and whoever writes seals by the new key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction

from dhr.audit import log
from dhr.audit.line import Line
from dhr.reviews.identities import marks_of
from dhr.reviews.models import Review, SealedIdentity
from dhr.usecase import record, use_case

from . import strongroom
from .fields import SealedTextField, reading
from .models.blobs import HoldsBlob, columns_of
from .vault.receipt import Scope

Watch = Callable[[int, int], None]  # how many are done, of how many
AT_ONCE = 100  # rows under one lock
LONGEST_KEY_NAME = 80  # what a line of the log holds
# Longer than any request runs (gunicorn --timeout 120): what was read or sealed by the old key is done with by then.
SETTLING = 130  # seconds


def unwatched(_done: int, _of: int) -> None:
    """Nobody looks."""


def rotate_root(*, by: Any, watch: Watch = unwatched) -> int:
    """Every container key under the newest root key; returns how many changed. Raises VaultError.

    Makes a new version first, unless an earlier run was cut short or the root key's place was changed: then it finishes that.
    """
    keys = strongroom.container_keys()
    _begin_root(None, by=by)
    if not keys.wrapped_by_others():
        strongroom.root().renew()
    held, count = len(keys.containers()), 0
    for done, changed in enumerate(keys.rewrap_each(), start=1):
        count += changed
        watch(done, max(held, done))
    return _finish_root(None, by=by, count=count)


@use_case(None)
def _begin_root(_: None, *, by: Any) -> None:
    record("keys.rotation_begun", what="root")


@use_case(None)
def _finish_root(_: None, *, by: Any, count: int) -> int:
    record("keys.rotated", count=count, key=strongroom.root().current_id()[-LONGEST_KEY_NAME:])
    return count


def rotate_review(review: Review, *, by: Any, watch: Watch = unwatched, settling: float = SETTLING) -> int:
    """A new key for one review, and everything under it; returns how many rows were sealed anew. Raises VaultError.

    The old key is destroyed at the end, `settling` seconds after nothing was found under it.
    """
    begun = Line(
        event="keys.rotation_begun",
        person=getattr(by, "pk", None),
        details={"what": "review"},
        **review.logged_as(),
    )
    receipt = log.append_first(begun, container=review.pk, scope=Scope.IDENTITY)
    with reading(receipt):
        count = _renew(review)
    old = strongroom.container_keys().previous(review.pk)
    count += _sweep(review, watch)
    time.sleep(settling)
    while late := _sweep(review, unwatched):  # sealed by the old key by somebody who had begun before the change
        count += late
        time.sleep(settling)
    _finish(review, by=by, count=count)
    if old is not None:
        strongroom.container_keys().forget_previous(review.pk, old)  # after the line about it is committed
    return count


@use_case(None)
def _finish(review: Review, *, by: Any, count: int) -> None:
    record("keys.review_rotated", review, count=count)


def _renew(review: Review) -> int:
    """The new key, and in the same moment the marks by which names are found: nothing looks for them in between."""
    with transaction.atomic(durable=True):
        review.take_lock()
        strongroom.container_keys().renew(review.pk)
        count = 0
        for identity in SealedIdentity.objects.select_for_update().filter(review=review):
            if not _reseal_row(identity, _fields_of(SealedIdentity)):
                continue
            identity.refresh_from_db()
            identity.marks = marks_of(review.pk, str(identity.name))
            identity.save(update_fields=["marks"])
            count += 1
        return count


def _sweep(review: Review, watch: Watch) -> int:
    """Seal anew what the current key does not open; returns how many rows. A few at a time under the review's lock."""
    work = [*_texts_of(review), *_papers_of(review)]
    done = count = 0
    for start in range(0, len(work), AT_ONCE):
        with transaction.atomic(durable=True):
            review.take_lock()
            for change in work[start : start + AT_ONCE]:
                count += change()
                done += 1
        watch(done, len(work))
    return count


def sealed_models() -> Iterator[tuple[type[models.Model], list[SealedTextField]]]:
    """Every table with sealed text."""
    for model in apps.get_models():
        if fields := _fields_of(model):
            yield model, fields


def _fields_of(model: type[models.Model]) -> list[SealedTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def _texts_of(review: Review) -> Iterator[Callable[[], bool]]:
    for model, fields in sealed_models():
        mine = [field for field in fields if not _belongs_elsewhere(field)]
        if not mine:
            continue
        for row in model._base_manager.filter(review_id=review.pk).iterator():
            yield partial(_reseal_again, model, row.pk, mine)


def _belongs_elsewhere(field: SealedTextField) -> bool:
    """Sealed by the key of the register or the partnership, whatever the row says."""
    return field.container in {strongroom.CHAIRS_REGISTER, strongroom.PARTNERSHIP}


def _reseal_again(model: type[models.Model], pk: Any, fields: list[SealedTextField]) -> bool:
    """As the row is now, under the lock: somebody may have changed it, or taken it away."""
    row = model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    return row is not None and _reseal_row(row, fields)


def _reseal_row(row: models.Model, fields: list[SealedTextField]) -> bool:
    again = {field.name: sealed for field in fields if (sealed := field.resealed(row)) is not None}
    if again:
        type(row)._base_manager.filter(pk=row.pk).update(**again)
    return bool(again)


def paper_models() -> list[Any]:
    """Every table whose rows name a sealed file: versions, and what is on its way to become one."""
    return [model for model in apps.get_models() if issubclass(model, HoldsBlob)]


def _papers_of(review: Review) -> Iterator[Callable[[], bool]]:
    for model in paper_models():
        for pk in model._base_manager.filter(review=review).values_list("pk", flat=True):
            yield partial(_rewrap_again, model, pk)


def _rewrap_again(model: Any, pk: Any) -> bool:
    row: Any = model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()
    again = strongroom.vault().rewrap_document(row.context, row.blob) if row else None
    if again is None:
        return False
    model._base_manager.filter(pk=pk).update(**columns_of(again))
    return True
