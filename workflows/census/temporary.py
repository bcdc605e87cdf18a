"""Files that are made and gone again within one request: caught by Python's own audit events before they are gone.

A file that is about to be removed, renamed or written over is held open, so that what it held at the end can be read
when the request is over. Files without a name (O_TMPFILE) are refused, and Python then makes one with a name. What
another program writes is not seen here.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WRITES = os.O_WRONLY | os.O_RDWR
NAMELESS = getattr(os, "O_TMPFILE", 0)
MOST = 64_000_000  # bytes read of one file
Took = Callable[[str, bytes], None]


class FileWatch:
    """Hears every file that Python opens for writing, removes, renames or cuts, while it is on."""

    def __init__(self, took: Took) -> None:
        self.took = took
        self.on = False
        self.written: set[str] = set()  # every path opened for writing
        self.programs: set[str] = set()  # every program started
        self._held: list[tuple[str, int]] = []
        self._mine = threading.local()
        sys.addaudithook(self._heard)  # for the life of the process: it cannot be taken back

    @contextmanager
    def watching(self) -> Iterator[None]:
        self.on = True
        try:
            yield
        finally:
            self.on = False
            self.settle()

    def settle(self) -> None:
        """Read what was held, and let it go."""
        held, self._held = self._held, []
        for name, file in held:
            self.took(name, _whole(file))
            os.close(file)

    def _heard(self, event: str, about: tuple[Any, ...]) -> None:
        if not self.on or event not in HEARD or getattr(self._mine, "busy", False):
            return
        self._mine.busy = True
        try:
            HEARD[event](self, *about)
        finally:
            self._mine.busy = False

    def _opened(self, path: Any, _mode: Any, flags: Any) -> None:
        if not isinstance(flags, int) or isinstance(path, int) or not flags & WRITES:
            return
        if NAMELESS and flags & NAMELESS == NAMELESS:
            raise OSError("Files without a name are not made during a census.")
        self.written.add(_name(path))
        if flags & os.O_TRUNC:
            self._read_now(path)

    def _going(self, path: Any, *folders: int) -> None:
        self._hold(path, folders[0] if folders else -1)

    def _renamed(self, source: Any, target: Any, from_folder: int = -1, to_folder: int = -1) -> None:
        self._hold(source, from_folder)
        self._hold(target, to_folder)

    def _cut(self, path: Any, *_length: int) -> None:
        if not isinstance(path, int):
            self._read_now(path)

    def _started(self, program: Any, *_rest: Any) -> None:
        self.programs.add(_name(program))

    def _hold(self, path: Any, folder: int) -> None:
        file = _opened(path, folder)
        if file is not None:
            self._held.append((_name(path), file))

    def _read_now(self, path: Any) -> None:
        file = _opened(path, -1)
        if file is not None:
            self.took(_name(path), _whole(file))
            os.close(file)


HEARD: dict[str, Callable[..., None]] = {
    "open": FileWatch._opened,  # noqa: SLF001 - its own
    "os.remove": FileWatch._going,  # noqa: SLF001
    "os.rename": FileWatch._renamed,  # noqa: SLF001
    "os.truncate": FileWatch._cut,  # noqa: SLF001
    "subprocess.Popen": FileWatch._started,  # noqa: SLF001
}


def _opened(path: Any, folder: int) -> int | None:
    """The file, open for reading; None where there is none, or it is no plain file."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW, dir_fd=None if folder == -1 else folder)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    return None


def _whole(file: int) -> bytes:
    return os.pread(file, MOST, 0)


def _name(path: Any) -> str:
    return str(Path(os.fsdecode(path)))
