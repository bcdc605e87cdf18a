"""The folder that holds one small file a container, and the second folder that holds the same.

Container keys are in no backup that keeps yesterday, or erasing one would undo nothing there. What protects them from a
lost disk is a second folder on another disk or machine, written and erased in the same breath as the first.
"""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from .errors import VaultUnavailable
from .files import locked, write_once, write_over

NAME = re.compile(r"[0-9a-f]{32}")  # of a container; a folder on a disk of its own may hold lost+found besides


class KeyFolder:
    """Files named by their container, in one or two places. The first place is read; both are written and erased."""

    def __init__(self, folder: Path, copy: Path | None = None) -> None:
        self._folder = folder
        self._copy = copy

    def read(self, container: UUID) -> bytes:
        """Raises OSError; FileNotFoundError where there never was one."""
        return (self._folder / container.hex).read_bytes()

    def size(self, container: UUID) -> int:
        """Bytes; 0 where its key was destroyed or never was."""
        try:
            return (self._folder / container.hex).stat().st_size
        except OSError:
            return 0

    def containers(self) -> list[UUID]:
        """Every container that has or had a key, in a fixed order."""
        try:
            return [UUID(path.name) for path in sorted(self._folder.iterdir()) if NAME.fullmatch(path.name)]
        except OSError:
            raise unreadable() from None

    def add(self, container: UUID, content: bytes) -> None:
        """A new file, on disk in both places before this returns. Raises FileExistsError, VaultUnavailable."""
        with self.locked():
            try:
                write_once(self._folder / container.hex, content)
            except FileExistsError:
                raise
            except OSError:
                raise _cannot_write(self._folder, self._copy) from None
            self._write_copy(container, content)

    def replace(self, container: UUID, content: bytes, *, wipe: bool = False) -> None:
        """Another content, in one step for whoever reads. `wipe`: write over what the old file held. Only while `locked`."""
        for folder in self._folders():
            path = folder / container.hex
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)  # ours alone while we hold the lock
            try:
                old = os.open(path, os.O_WRONLY | os.O_CLOEXEC) if wipe and path.exists() else None
                write_over(path, content)
            except OSError:
                raise _cannot_write(folder, self._copy) from None
            if old is not None:
                _scrub(old)

    def erase(self, container: UUID) -> None:
        """Write over every file of this container and leave an empty one in each place. Only while `locked`.

        Raises FileNotFoundError where there never was one; VaultUnavailable when the second place cannot be reached: what
        could be erased is erased by then, and running it again does the rest.
        """
        for folder in self._folders():
            try:
                for part in folder.glob(f"{container.hex}*.part"):  # what a crash left holds a wrapped key too
                    _scrub(os.open(part, os.O_WRONLY | os.O_CLOEXEC))
                    part.unlink()
                flags = os.O_WRONLY | os.O_CLOEXEC | (os.O_CREAT if folder == self._copy else 0)
                _scrub(os.open(folder / container.hex, flags, 0o600))
            except FileNotFoundError:
                if folder == self._folder:
                    raise
                raise _cannot_write(folder, self._copy) from None
            except OSError:
                raise _cannot_write(folder, self._copy) from None

    def complete_copy(self) -> int:
        """Bring the second place up to the first; returns how many files changed there."""
        if self._copy is None:
            return 0
        changed = 0
        for container in self.containers():
            with self.locked():
                content = self.read(container)
                held = self._copy / container.hex
                if not held.exists() or held.read_bytes() != content:
                    self._write_copy(container, content)
                    changed += 1
        return changed

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One at a time, in every process: rewrapping must not bring back a key that is being destroyed."""
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(locked(self._folder))
            except OSError:
                raise unreadable() from None
            yield

    def _folders(self) -> list[Path]:
        return [self._folder] if self._copy is None else [self._folder, self._copy]

    def _write_copy(self, container: UUID, content: bytes) -> None:
        if self._copy is None:
            return
        path = self._copy / container.hex
        try:
            path.with_name(f"{path.name}.part").unlink(missing_ok=True)
            write_over(path, content)
        except OSError:
            raise _cannot_write(self._copy, self._copy) from None


def _scrub(handle: int) -> None:
    """Write over a file and cut it to nothing. Not every disk's old blocks are reached: without the root key those are
    worth nothing."""
    try:
        os.write(handle, os.urandom(os.fstat(handle).st_size))
        os.fsync(handle)
        os.ftruncate(handle, 0)
        os.fsync(handle)
    finally:
        os.close(handle)


def unreadable() -> VaultUnavailable:
    return VaultUnavailable("The key folder cannot be read. Look at its permissions and its disk.")


def _cannot_write(folder: Path, copy: Path | None) -> VaultUnavailable:
    if folder == copy:
        return VaultUnavailable("The second key folder (DHR_KEY_COPY) cannot be written. Look whether it is mounted.")
    return VaultUnavailable("The key could not be written. Look at the key folder and its disk.")
