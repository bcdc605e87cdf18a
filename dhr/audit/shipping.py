"""Checkpoints leave the database: appended and synced to a file, so that a tail cut off or an old backup shows, and sent
to whatever else is set (dhr.audit.targets).

One checkpoint a line: `time origin size root signature`, single spaces (docs/formats/access-log-v1.md). The file is to
be copied to another machine; lines may repeat and need not be in order of size.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dhr import clock

from . import targets
from .checkpoints import MARK, BadCheckpoint, Checkpoint, Verifier

LONGEST_LINE = 1_000  # bytes; a shipped checkpoint has about 250
_last_hour: dict[Path, str] = {}  # in which the file has it
_sent_hour: dict[Path, str] = {}  # in which the other targets were asked


@dataclass(frozen=True)
class Shipped:
    """A checkpoint that left the database: its line in the file (from 1) and the moment it says."""

    line: int
    at: str
    checkpoint: Checkpoint


def shipping_file() -> Path:
    return _file(settings.VAR)


@lru_cache(maxsize=4)
def _file(var: Path | str) -> Path:
    return Path(var) / "checkpoints.log"


def as_line(note: str) -> str:
    """This signed note as a line of the file, shipped now."""
    origin, size, root, _, signed = note.rstrip("\n").split("\n")
    signature = signed.removeprefix(f"{MARK}{origin} ")
    return f"{clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {origin} {size} {root} {signature}\n"


def ship(note: str) -> None:
    """Append this signed note to the file and wait until the disk has it. Raises OSError."""
    _append(as_line(note))


def _append(line: str) -> None:
    descriptor = os.open(shipping_file(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # lines of several processes never mix
        size, end = os.fstat(descriptor).st_size, _end_of_the_whole_lines(descriptor)
        if end < size:
            os.ftruncate(descriptor, end)
        _write_whole(descriptor, line.encode(), end)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _end_of_the_whole_lines(descriptor: int) -> int:
    """Where the next line goes. A power cut may have left the beginning of one: that never was a checkpoint, and would
    spoil the next one."""
    size = os.fstat(descriptor).st_size
    start = max(0, size - LONGEST_LINE)
    tail = os.pread(descriptor, LONGEST_LINE, start)
    torn = len(tail) - (tail.rfind(b"\n") + 1)
    return size if torn == LONGEST_LINE else size - torn


def _write_whole(descriptor: int, content: bytes, end: int) -> None:
    """All of it or nothing: what a full disk took of it is cut off again. Raises OSError."""
    try:
        if os.write(descriptor, content) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        with suppress(OSError):  # a file that can only grow (chattr +a) keeps the piece, and the next check says so
            os.ftruncate(descriptor, end)
        raise


def ship_everywhere(note: str) -> dict[str, Exception | None]:
    """Ship now, to the file and to every target, and wait. What failed, by its name; one failure stops no other."""
    line = as_line(note)
    try:
        _append(line)
    except OSError as error:
        return {"the file checkpoints.log": error, **targets.send(line)}
    return {"the file checkpoints.log": None, **targets.send(line)}


def ship_hourly(note: str) -> None:
    """Ship unless that was done in this hour. Raises OSError for the file; the others are sent from a thread."""
    path, hour = shipping_file(), f"{clock.now().astimezone(UTC):%Y-%m-%dT%H}"
    if _last_hour.get(path) == hour:
        return
    if _hour_of_the_last_line(path) == hour:  # by another process
        _last_hour[path] = hour
        return
    line = as_line(note)
    if _sent_hour.get(path) != hour:
        _sent_hour[path] = hour
        targets.send_behind(line)
    _append(line)
    _last_hour[path] = hour


def _hour_of_the_last_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LONGEST_LINE))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:
        return ""
    return last[: len("2026-03-02T12")].decode("ascii", "replace")


def forget_hour() -> None:
    """The next append ships again, whatever the hour."""
    _last_hour.clear()
    _sent_hour.clear()


def shipped(verifier: Verifier, path: Path | None = None) -> Iterator[Shipped]:
    """Every checkpoint in the file, its signature checked. Raises BadCheckpoint that names the line."""
    path = path or shipping_file()
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            yield read_shipped(number, line, verifier)


def read_shipped(number: int, line: str, verifier: Verifier) -> Shipped:
    """The checkpoint in this line of the file, its signature checked. Raises BadCheckpoint that names the line."""
    words = line.rstrip("\n").split(" ")
    if len(words) != 5 or not line.endswith("\n"):
        raise BadCheckpoint(f"line {number} of the shipped checkpoints is not whole")
    at, origin, size, root, signature = words
    try:
        checkpoint = verifier.read(f"{origin}\n{size}\n{root}\n\n{MARK}{origin} {signature}\n")
    except BadCheckpoint as error:
        raise BadCheckpoint(f"line {number} of the shipped checkpoints is not signed by this log's key") from error
    return Shipped(number, at, checkpoint)


def shipped_bytes() -> int:
    """How long the file is now."""
    try:
        return shipping_file().stat().st_size
    except FileNotFoundError:
        return 0


def first_lines(length: int, longest: int) -> Iterator[str]:
    """The lines that were in the file when it had this many bytes, whatever they hold; none longer than `longest`."""
    if not length:
        return
    with shipping_file().open("rb") as file:
        while file.tell() < length:
            line = file.readline(longest)
            yield line.rstrip(b"\n").decode("utf-8", "replace") + "\n"
