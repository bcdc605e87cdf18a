"""Sealed papers as files: random names that say nothing, written once, never over one another."""

import contextlib
import os
import re
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from .errors import Damaged, VaultUnavailable
from .files import begin_to_write, create_part, make_folder, settle, sync_folder

NAME = re.compile(r"[0-9a-f]{32}")
BEGIN_BYTES = 1 << 22  # after each so many the disk begins: at the end of a long paper little is left to wait for
UNFINISHED = ".part"  # behind the name of a file that is being written


def is_unfinished(name: str) -> bool:
    """Whether this is the name of a file that was not kept, or not yet."""
    return name.endswith(UNFINISHED)


class NewBlob(Protocol):
    """A blob that is being written: nobody can open it until `keep`."""

    def write(self, content: bytes | memoryview) -> None:
        """Append; raises VaultUnavailable. The content is lent: its memory is used again afterwards."""
        ...

    def keep(self) -> str:
        """Safely on disk from now on; returns its name. Raises VaultUnavailable."""
        ...

    def discard(self) -> None:
        """Leave nothing behind; harmless after `keep`."""
        ...


class Blobs(Protocol):
    """Where sealed papers are kept."""

    def new(self) -> NewBlob: ...

    def open(self, name: str) -> BinaryIO:
        """For reading at any place in it. Raises Damaged when it is gone, VaultUnavailable when it cannot be read."""
        ...

    def delete(self, name: str) -> None:
        """Gone for good; harmless when it is gone already."""
        ...


class BlobFiles:
    """Blobs as owner-only files in 256 folders by the first two digits of their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> "NewBlobFile":
        return NewBlobFile(self._path(uuid.uuid4().hex))

    def open(self, name: str) -> BinaryIO:
        try:
            file = open(self._path(name), "rb", buffering=0, opener=_without_waiting)  # noqa: SIM115 - the caller closes it
        except FileNotFoundError:
            raise Damaged("The sealed paper is not in the store. Restore it from a backup.") from None
        except OSError:
            raise VaultUnavailable("The sealed paper cannot be read. Look at the papers folder and its disk.") from None
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise Damaged("What stands in the store for the sealed paper is no file. Restore it from a backup.")
        return file

    def untouched_since(self, moment: float) -> Iterator[str]:
        """Names of the files, finished or not, to which nobody has written since this moment (seconds since 1970)."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with contextlib.suppress(FileNotFoundError):  # finished, or deleted, meanwhile
                if NAME.fullmatch(path.name.removesuffix(UNFINISHED)) and path.stat().st_mtime < moment:
                    yield path.name

    def delete(self, name: str) -> None:
        """Also one that was never finished, by its whole name."""
        path = self._path(name.removesuffix(UNFINISHED)).with_name(name)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        sync_folder(path.parent)

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise Damaged("The name of the sealed paper is not one that this store gives.")
        return self._folder / name[:2] / name


class NewBlobFile:
    """A part file beside the place where the blob will stand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}{UNFINISHED}")
        try:
            make_folder(path.parent)
            self._file = os.fdopen(create_part(self._part), "wb")
        except OSError:
            raise _cannot_write() from None
        self._written = self._begun = 0  # bytes, and how many of them the disk was told to begin with

    def write(self, content: bytes | memoryview) -> None:
        try:
            self._written += self._file.write(content)
            if self._written - self._begun >= BEGIN_BYTES:
                self._file.flush()
                begin_to_write(self._file.fileno(), self._begun, self._written - self._begun)
                self._begun = self._written
        except OSError:
            raise _cannot_write() from None

    def keep(self) -> str:
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            settle(self._part, self._path)
        except OSError:
            raise _cannot_write() from None
        return self._path.name

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # a full disk refuses the last flush; the bytes are unwanted anyway
            self._file.close()
        self._part.unlink(missing_ok=True)


def _without_waiting(path: str, flags: int) -> int:
    """A pipe put in a paper's place would hold the reader up for ever."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _cannot_write() -> VaultUnavailable:
    return VaultUnavailable("The paper could not be stored. Look at the papers folder and the space on its disk.")
