"""The recovery key: made for named holders, used by enough of them together, each use told to every auditor.

It opens the container keys when the root key is lost (vault/recovery.py). No holder can use it alone, and the program
keeps none of it: only who was given which share, so that a share typed by somebody else's name is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from dhr.access.roles import Standing
from dhr.accounts import notices
from dhr.accounts.models import NoticeKind, User
from dhr.audit import log
from dhr.audit.line import Line
from dhr.usecase import record, use_case

from . import strongroom
from .rotating import LONGEST_KEY_NAME, Watch, unwatched
from .vault import recovery
from .vault.errors import VaultError
from .vault.recovery import RecoveryLock, WrongShares
from .vocabulary import RecoveryReason

HandOut = Callable[[User, str], None]


def make_recovery_key(
    holders: Sequence[User],
    *,
    by: Any,
    needed: int,
    hand_out: HandOut,
    replace: bool = False,
    watch: Watch = unwatched,
) -> RecoveryLock:
    """Make a recovery key, give each holder a share by `hand_out`, then seal every container key for it too.

    Nothing is kept until every share was handed out. Raises VaultError for fewer than two holders or needed, and when
    there is a recovery key already that is not to be replaced.
    """
    if the_lock() is not None and not replace:
        raise VaultError(
            "There is a recovery key already. Say --replace to make another: the old shares then open nothing."
        )
    lock, shares = recovery.make([person.pk for person in holders], needed)
    for person, share in zip(holders, shares, strict=True):
        hand_out(person, share)
    _note_made(None, by=by, lock=lock)
    recovery.keep(lock, strongroom.recovery_file(), replace=replace)
    seal_for_recovery(watch=watch)
    return lock


@use_case(None)
def _note_made(_: None, *, by: Any, lock: RecoveryLock) -> None:
    record("recovery.key_made", set=lock.set_id, needed=lock.needed, holders=len(lock.holders))
    for holder in lock.holders:
        record("recovery.share_given", whom=holder, set=lock.set_id)


def seal_for_recovery(*, watch: Watch = unwatched) -> int:
    """Seal for the recovery key what is not yet; returns how many keys. Safe to run again after it was cut short."""
    keys, count = strongroom.container_keys(), 0
    of = len(keys.containers())
    for done, changed in enumerate(keys.seal_for_recovery(), start=1):
        count += changed
        watch(done, max(of, done))
    return count


def the_lock() -> RecoveryLock | None:
    """The recovery key's public half and its holders, or None where none was made. Raises VaultUnavailable."""
    return recovery.read(strongroom.recovery_file())


def break_glass(shares: Sequence[tuple[User, str]], *, reason: str, watch: Watch = unwatched) -> int:
    """Open every container key by the recovery key and wrap it by the root key, made anew where it is lost.

    Returns how many keys. Raises WrongShares, having changed nothing and written it down; VaultError. The lines of the
    log and the auditors' notices are committed before the first key is opened.
    """
    try:
        lock, secret = _joined(shares)
    except WrongShares as wrong:
        log.refuse(Line(event="recovery.refused", person=None, details={"reason": wrong.code}))
        raise
    _note_use(None, by=None, holders=[person for person, _ in shares], reason=RecoveryReason(reason), lock=lock)
    strongroom.reset()
    strongroom.make_root()
    keys, count = strongroom.container_keys(), 0
    of = len(keys.containers())
    for done, changed in enumerate(keys.restore_each(secret), start=1):
        count += changed
        watch(done, max(of, done))
    strongroom.reset()
    _note_end(None, by=None, count=count)
    return count


def _joined(shares: Sequence[tuple[User, str]]) -> tuple[RecoveryLock, bytes]:
    lock = the_lock()
    if lock is None:
        raise WrongShares(
            "none_made", "No recovery key was ever made here, or keys/recovery.json is lost: restore that."
        )
    for person, words in shares:
        if lock.holder_of(words) != person.pk:
            raise WrongShares("another_holder", "A share was typed that is not the named holder's.")
    return lock, lock.joined([words for _, words in shares])


@use_case(None)
def _note_use(_: None, *, by: Any, holders: Iterable[User], reason: RecoveryReason, lock: RecoveryLock) -> None:
    for person in holders:
        record("recovery.key_used", whom=person.pk, reason=str(reason), set=lock.set_id)
    notices.send(NoticeKind.RECOVERY_KEY_USED, to=auditors(), link="/access-log/")


@use_case(None)
def _note_end(_: None, *, by: Any, count: int) -> None:
    record("recovery.finished", count=count, key=strongroom.root().current_id()[-LONGEST_KEY_NAME:])


def auditors() -> QuerySet[User]:
    """Everybody who is auditor today."""
    return User.objects.in_role(Standing.AUDITOR)
