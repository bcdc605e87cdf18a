"""Container keys: one file each, in a folder of their own, never in the database, so that erasing one truly erases.

A container is a review, a board meeting, the chairs' register or the partnership. The folder goes into no backup that
keeps yesterday; a second folder protects it from a lost disk (docs/decisions/keys-and-erasure.md).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from . import recovery
from .errors import Damaged, KeyMissing, VaultError
from .keyfile import KeyFile, WrappedKey, decode, encode
from .keyfolder import KeyFolder, unreadable
from .recovery import RecoveryLock
from .rootkeys import RootKeys
from .wrapping import new_key

READ_AGAIN = 3  # times


class ContainerKeys(Protocol):
    """Where container keys are kept."""

    def create(self, container: UUID) -> None:
        """Make its key, on disk before this returns. Raises VaultError when it has one, KeyMissing when it had."""
        ...

    def has(self, container: UUID) -> bool:
        """Whether there is a key to open it with."""
        ...

    def key(self, container: UUID) -> bytes:
        """Its unwrapped key. Raises KeyMissing, Damaged or VaultUnavailable."""
        ...

    def previous(self, container: UUID) -> bytes | None:
        """The key before this one, while what it sealed is being sealed anew; else None."""
        ...

    def destroy(self, container: UUID) -> None:
        """Erase its key for good. Raises KeyMissing when it never had one."""
        ...


class ContainerKeyFiles:
    """Container keys as owner-only files named by the container, each wrapped by a root key.

    Keys are not kept in memory: a key destroyed by one process opens nothing in any other from that moment.
    An empty file stays where a key was destroyed, so that nobody makes a new one under which old papers look damaged.
    With a recovery lock, each key is also sealed for the holders of the recovery key, in the same file: it goes with it.
    """

    def __init__(
        self,
        folder: Path,
        root: RootKeys,
        *,
        deployment: UUID,
        copy: Path | None = None,
        recovery_file: Path | None = None,
    ) -> None:
        self._files = KeyFolder(folder, copy)
        self._root = root
        self._deployment = deployment
        self._recovery_file = recovery_file

    def create(self, container: UUID) -> None:
        content = encode(container, KeyFile(self._wrap(container, new_key())))
        try:
            self._files.add(container, content)
        except FileExistsError:
            if self.has(container):
                raise VaultError("This container has a key already, and it is never replaced.") from None
            raise _destroyed() from None

    def ensure(self, container: UUID) -> None:
        """Make its key unless it has one. Raises KeyMissing when its key was destroyed."""
        try:
            self.create(container)
        except VaultError:
            if not self.has(container):
                raise

    def has(self, container: UUID) -> bool:
        return self._files.size(container) > 0

    def containers(self) -> list[UUID]:
        """Every container that has a key."""
        return [container for container in self._files.containers() if self.has(container)]

    def key(self, container: UUID) -> bytes:
        return self._unwrap(container, self._read(container).current)

    def previous(self, container: UUID) -> bytes | None:
        before = self._read(container).previous
        return None if before is None else self._unwrap(container, before)

    def destroy(self, container: UUID) -> None:
        with self._files.locked():
            try:
                self._files.erase(container)
            except FileNotFoundError:
                raise _absent() from None

    # changing keys

    def renew(self, container: UUID) -> bool:
        """Give it a new key to seal with; the old one still opens. False when an earlier change is not finished yet."""
        with self._files.locked():
            held = self._read(container)
            if held.previous is not None:
                return False
            fresh = self._wrap(container, new_key())
            self._files.replace(container, encode(container, KeyFile(fresh, held.current)))
            return True

    def forget_previous(self, container: UUID, key: bytes | None = None) -> None:
        """Destroy the key before this one. Only when nothing is sealed by it any more. Harmless without one, and where it
        is another than `key`: then somebody else has changed keys since, and everything may be sealed by that."""
        with self._files.locked():
            held = self._read(container)
            if held.previous is not None and key in (None, self._unwrap(container, held.previous)):
                self._files.replace(container, encode(container, KeyFile(held.current)), wipe=True)

    def rewrap_all(self) -> int:
        """Wrap every key by the current root key; returns how many changed. Safe to run again after a failure."""
        return sum(self.rewrap_each())

    def rewrap_each(self) -> Iterator[bool]:
        """As rewrap_all, one key at a time: whether it changed. For who watches."""
        for container in self._files.containers():
            yield self._change(container, self._rewrapped)

    def wrapped_by_others(self) -> int:
        """How many container keys are wrapped by another root key than the current one."""
        current = self._root.current_id()
        return sum(any(key.key_id != current for key in held) for _, held in self._each())

    def seal_for_recovery(self) -> Iterator[bool]:
        """Seal every key for the holders of this recovery key, one at a time: whether it changed. Safe to run again."""
        for container in self._files.containers():
            yield self._change(container, self._sealed_for_recovery)

    def not_sealed_for_recovery(self) -> int:
        """How many container keys the recovery key does not open yet."""
        lock = self._lock()
        wanted = lock.set_id if lock else ""
        return sum(any(key.recovery_set != wanted for key in held) for _, held in self._each())

    def restore_each(self, secret: bytes) -> Iterator[bool]:
        """Open every key by the recovery key and wrap it by the root key that is there now. Raises VaultError."""
        lock = self._lock()
        if lock is None:
            raise VaultError("No recovery key was ever made here.")

        def again(container: UUID, held: WrappedKey) -> WrappedKey:
            return self._wrap(container, lock.open(secret, held, self._aad(container)))

        for container in self._files.containers():
            yield self._change(container, again)

    def fingerprints(self, container: UUID) -> list[str]:
        """SHA-256 names of the keys it has: what a certificate can name without telling a key."""
        keys = [self.key(container), self.previous(container)]
        return [hashlib.sha256(b"dhr-key-name/v1\0" + key).hexdigest() for key in keys if key is not None]

    def complete_copy(self) -> int:
        """Bring the second key folder up to the first; returns how many files changed there."""
        return self._files.complete_copy()

    def _change(self, container: UUID, change: "_Change") -> bool:
        """One file, under the lock, to what `change` makes of each key in it."""
        with self._files.locked():
            if not self.has(container):
                return False
            held = self._read(container)
            before = None if held.previous is None else change(container, held.previous)
            after = KeyFile(change(container, held.current), before)
            if after == held:
                return False
            self._files.replace(container, encode(container, after))
            return True

    def _rewrapped(self, container: UUID, held: WrappedKey) -> WrappedKey:
        if held.key_id == self._root.current_id():
            return held
        again = self._root.rewrap(held.key_id, held.wrapped, self._aad(container))
        return held._replace(key_id=again[0], wrapped=again[1])

    def _sealed_for_recovery(self, container: UUID, held: WrappedKey) -> WrappedKey:
        lock = self._lock()
        if lock is None or held.recovery_set == lock.set_id:
            return held
        return lock.seal(self._unwrap(container, held), held, self._aad(container))

    def _wrap(self, container: UUID, key: bytes) -> WrappedKey:
        aad = self._aad(container)
        wrapped = WrappedKey(*self._root.wrap(key, aad))
        lock = self._lock()
        return lock.seal(key, wrapped, aad) if lock else wrapped

    def _lock(self) -> RecoveryLock | None:
        """Read each time: a recovery key that was made a moment ago counts for the next container already."""
        return recovery.read(self._recovery_file) if self._recovery_file else None

    def _unwrap(self, container: UUID, held: WrappedKey) -> bytes:
        return self._root.unwrap(held.key_id, held.wrapped, self._aad(container))

    def _each(self) -> Iterator[tuple[UUID, list[WrappedKey]]]:
        for container in self.containers():
            yield container, [key for key in self._read(container) if key is not None]

    def _aad(self, container: UUID) -> bytes:
        return b"dhr-container/v1\0" + self._deployment.bytes + container.bytes

    def _read(self, container: UUID) -> KeyFile:
        """Again where it is empty or damaged: the file may have been written over, with another in its place, between
        our opening and our reading it."""
        content = self._content(container)
        for _ in range(READ_AGAIN):
            try:
                if content:
                    return decode(content)
            except Damaged:
                pass
            content = self._content(container)
        if not content:
            raise _destroyed()
        return decode(content)

    def _content(self, container: UUID) -> bytes:
        try:
            return self._files.read(container)
        except FileNotFoundError:
            raise _absent() from None
        except OSError:
            raise unreadable() from None


class _Change(Protocol):
    def __call__(self, container: UUID, held: WrappedKey) -> WrappedKey: ...


def _absent() -> KeyMissing:
    return KeyMissing("This container has no key. If it should have one, restore the key folder from its backup.")


def _destroyed() -> KeyMissing:
    return KeyMissing("The key of this container was destroyed: what it sealed can never be read again.")
