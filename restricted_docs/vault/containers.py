"""Container keys: one file each, in a folder of their own, never in the database, so that erasing one truly erases.

A container is a review, a board meeting, the chairs' register or the partnership. Back this folder up apart from the
papers and the database, and keep those backups short: a backup that still holds a destroyed key undoes the erasure.
"""

import base64
import binascii
import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import UUID

from .errors import Damaged, KeyMissing, VaultError, VaultUnavailable
from .files import write_once, write_over
from .rootkeys import RootKeys
from .wrapping import new_key


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

    def destroy(self, container: UUID) -> None:
        """Erase its key for good. Raises KeyMissing when it never had one."""
        ...


class ContainerKeyFiles:
    """Container keys as owner-only files named by the container, each wrapped by a root key.

    Keys are not kept in memory: a key destroyed by one process opens nothing in any other from that moment.
    An empty file stays where a key was destroyed, so that nobody makes a new one under which old papers look damaged.
    """

    def __init__(self, folder: Path, root: RootKeys, *, deployment: UUID) -> None:
        self._folder = folder
        self._root = root
        self._deployment = deployment

    def create(self, container: UUID) -> None:
        try:
            write_once(
                self._path(container), self._encode(container, *self._root.wrap(new_key(), self._aad(container)))
            )
        except FileExistsError:
            if self.has(container):
                raise VaultError("This container has a key already, and it is never replaced.") from None
            raise _destroyed() from None
        except OSError:
            raise VaultUnavailable("The key could not be written. Look at the key folder and its disk.") from None

    def ensure(self, container: UUID) -> None:
        """Make its key unless it has one. Raises KeyMissing when its key was destroyed."""
        try:
            self.create(container)
        except VaultError:
            if not self.has(container):
                raise

    def has(self, container: UUID) -> bool:
        try:
            return self._path(container).stat().st_size > 0
        except OSError:
            return False

    def key(self, container: UUID) -> bytes:
        key_id, wrapped = self._read(container)
        return self._root.unwrap(key_id, wrapped, self._aad(container))

    def destroy(self, container: UUID) -> None:
        with self._locked():
            try:
                handle = os.open(self._path(container), os.O_WRONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                raise _absent() from None
            try:
                # Overwriting does not reach every disk's old blocks; without the root key they are worth nothing.
                os.write(handle, os.urandom(os.fstat(handle).st_size))
                os.fsync(handle)
                os.ftruncate(handle, 0)
                os.fsync(handle)
            finally:
                os.close(handle)

    def rewrap_all(self) -> int:
        """Wrap every key by the current root key; returns how many changed. Safe to run again after a failure."""
        current, changed = self._root.current_id(), 0
        for path in sorted(self._folder.iterdir()):
            if path.suffix:
                continue  # a part file that a crash left behind
            container = UUID(path.name)
            with self._locked():
                if not self.has(container):
                    continue
                key_id, wrapped = self._read(container)
                if key_id != current:
                    again = self._root.rewrap(key_id, wrapped, self._aad(container))
                    path.with_name(f"{path.name}.part").unlink(missing_ok=True)  # ours alone while we hold the lock
                    write_over(path, self._encode(container, *again))
                    changed += 1
        return changed

    def _path(self, container: UUID) -> Path:
        return self._folder / container.hex

    def _aad(self, container: UUID) -> bytes:
        return b"dhr-container/v1\0" + self._deployment.bytes + container.bytes

    def _encode(self, container: UUID, key_id: str, wrapped: bytes) -> bytes:
        wrapped_key = base64.b64encode(wrapped).decode()
        return json.dumps({"container": str(container), "key_id": key_id, "wrapped_key": wrapped_key}).encode() + b"\n"

    def _read(self, container: UUID) -> tuple[str, bytes]:
        try:
            content = self._path(container).read_bytes()
        except FileNotFoundError:
            raise _absent() from None
        except OSError:
            raise VaultUnavailable("The key folder cannot be read. Look at its permissions and its disk.") from None
        if not content:
            raise _destroyed()
        try:
            facts = json.loads(content)
            return str(facts["key_id"]), base64.b64decode(facts["wrapped_key"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise Damaged("A container's key file is damaged. Restore it from the backup of the key folder.") from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time, in every process: rewrapping must not bring back a key that is being destroyed."""
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _absent() -> KeyMissing:
    return KeyMissing("This container has no key. If it should have one, restore the key folder from its backup.")


def _destroyed() -> KeyMissing:
    return KeyMissing("The key of this container was destroyed: what it sealed can never be read again.")
