"""Files that are there for good once written: owner-only, flushed to the disk, never written over by accident."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700
SOMEBODY_ELSE = 0o077


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make the folder where it is missing, and close it to everybody but its owner."""
    if not folder.is_dir():
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        sync_folder(folder.parent)
    if folder.stat().st_mode & SOMEBODY_ELSE:
        folder.chmod(OWNER_ONLY_FOLDER)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One at a time in this folder, in every process. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def create_part(path: Path) -> int:
    """A new owner-only file, open for writing; raises FileExistsError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY_FILE)


def begin_to_write(handle: int, start: int, length: int) -> None:
    """Have the disk begin with these bytes of a file, which were just written; nothing waits, and nothing is promised.

    Linux begins at once with what was changed and is said not to be needed soon; elsewhere this may do nothing.
    """
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):  # a file system that takes no advice
            os.posix_fadvise(handle, start, length, os.POSIX_FADV_DONTNEED)


def settle(part: Path, path: Path) -> None:
    """Give a flushed part file its name. Raises FileExistsError where a rename would replace: a hard link refuses."""
    os.link(part, path)
    part.unlink()
    sync_folder(path.parent)


def _write_part(part: Path, content: bytes) -> None:
    with os.fdopen(create_part(part), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_once(path: Path, content: bytes) -> None:
    """Write a new file as a whole or not at all. Raises FileExistsError when the name is taken."""
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")
    try:
        _write_part(part, content)
        settle(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_over(path: Path, content: bytes) -> None:
    """Replace a file as a whole. Raises FileExistsError while somebody else is replacing it."""
    part = path.with_name(f"{path.name}.part")
    _write_part(part, content)
    try:
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)
