"""Having a file parsed by the process next door: it gets the bytes it asks for, and has so much time for one answer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any, Protocol

from .inside import ASK, LARGEST_ANSWER, LENGTH, STEP

SECONDS = 30  # for one file, from start to answer
AT_ONCE = 3  # files parsed at a time by one server process
START = "import sys; sys.path.insert(0, sys.argv[1]); from restricted_docs.sandbox.inside import main; main()"
_places = BoundedSemaphore(AT_ONCE)


class NoAnswer(Exception):
    """The file was too much for the process that parses: it crashed, ran out of time or memory, or said nothing that fits."""


class Paper(Protocol):
    """A paper that may be read at any place."""

    @property
    def size(self) -> int: ...

    def at(self, start: int, length: int) -> bytes: ...


def ask(job: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
    """The answer to this job about this paper. Raises NoAnswer, and what reading the paper raises."""
    with _a_place(), _process() as process:
        try:
            _send(process, json.dumps({**job, "size": paper.size}).encode() + b"\n")
            while True:
                answer = _next(process, paper)
                if answer is not None:
                    return answer
        except (BrokenPipeError, EOFError, ValueError):
            raise NoAnswer("The file could not be parsed.") from None


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(timeout=SECONDS):
        raise NoAnswer("Too many files are being parsed at once.")
    try:
        yield
    finally:
        _places.release()


@contextmanager
def _process() -> Iterator[subprocess.Popen[bytes]]:
    """A process with nothing of ours but the two pipes, ended when its time is over or its answer is here."""
    root = str(Path(__file__).resolve().parents[2])
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", START, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
    alarm = Timer(SECONDS, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        yield process
    finally:
        alarm.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            _close(pipe)
        process.wait()


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        """What it did not read was meant for nobody else."""


def _next(process: subprocess.Popen[bytes], paper: Paper) -> dict[str, Any] | None:
    """Give the bytes that are asked for (None), or take the answer."""
    kind = _take(process, 1)
    if kind == b"A":
        length = LENGTH.unpack(_take(process, LENGTH.size))[0]
        if length > LARGEST_ANSWER:
            raise EOFError
        answer = json.loads(_take(process, length))
        if not isinstance(answer, dict):
            raise EOFError
        return answer
    _, place, length = ASK.unpack(kind + _take(process, ASK.size - 1))
    if kind != b"R" or length > STEP or place + length > paper.size:
        raise EOFError
    _send(process, paper.at(place, length))
    return None


def _take(process: subprocess.Popen[bytes], length: int) -> bytes:
    pipe: Any = process.stdout
    found: bytes = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def _send(process: subprocess.Popen[bytes], content: bytes) -> None:
    pipe: Any = process.stdin
    pipe.write(content)
    pipe.flush()
