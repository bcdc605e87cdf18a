"""Checkpoints leave the database: appended and synced to a file, so that a tail cut off or an old backup shows.

One checkpoint a line: `time origin size root signature`, single spaces (docs/formats/access-log-v1.md). The file is to
be copied to another machine; lines may repeat and need not be in order of size.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dhr import clock

from .checkpoints import MARK, BadCheckpoint, Checkpoint, Verifier

_last_hour: dict[Path, str] = {}


@dataclass(frozen=True)
class Shipped:
    """A checkpoint that left the database: its line in the file (from 1) and the moment it says."""

    line: int
    at: str
    checkpoint: Checkpoint


def shipping_file() -> Path:
    return Path(settings.VAR) / "checkpoints.log"


def ship(note: str) -> None:
    """Append this signed note to the file and wait until the disk has it. Raises OSError."""
    path = shipping_file()
    origin, size, root, _, signed = note.rstrip("\n").split("\n")
    signature = signed.removeprefix(f"{MARK}{origin} ")
    line = f"{clock.now():%Y-%m-%dT%H:%M:%SZ} {origin} {size} {root} {signature}\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())  # one write in append mode: lines of several processes never mix
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def ship_hourly(note: str) -> None:
    """Ship unless this process has already shipped in this hour."""
    path, hour = shipping_file(), f"{clock.now():%Y-%m-%dT%H}"
    if _last_hour.get(path) != hour:
        ship(note)
        _last_hour[path] = hour


def forget_hour() -> None:
    """The next append ships again, whatever the hour."""
    _last_hour.clear()


def shipped(verifier: Verifier, path: Path | None = None) -> Iterator[Shipped]:
    """Every checkpoint in the file, its signature checked. Raises BadCheckpoint that names the line."""
    path = path or shipping_file()
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            yield _read(number, line, verifier)


def _read(number: int, line: str, verifier: Verifier) -> Shipped:
    words = line.rstrip("\n").split(" ")
    if len(words) != 5 or not line.endswith("\n"):
        raise BadCheckpoint(f"line {number} of the shipped checkpoints is not whole")
    at, origin, size, root, signature = words
    try:
        checkpoint = verifier.read(f"{origin}\n{size}\n{root}\n\n{MARK}{origin} {signature}\n")
    except BadCheckpoint as error:
        raise BadCheckpoint(f"line {number} of the shipped checkpoints is not signed by this log's key") from error
    return Shipped(number, at, checkpoint)
