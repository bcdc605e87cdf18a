"""clamd's INSTREAM (clamd(8)): a file goes over a socket in pieces, and comes back as clean, found, or not scanned."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

PIECE = struct.Struct(">I")
LONGEST_ANSWER = 4_096  # bytes
CONNECT_SECONDS = 5


class NotScanned(Exception):
    """The scanner is away, gave up, or said something else than a verdict. The message says what to look at."""


class Scanner:
    """One connection, for one file."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self._connection, self._deadline = connection, deadline

    def finds_malware(self, pieces: Iterable[bytes]) -> bool:
        """Whether this file has malware in it. Raises NotScanned for anything that is no verdict."""
        try:
            self._send(b"zINSTREAM\0")
            for piece in pieces:
                if piece:  # an empty one would be the end
                    self._send(PIECE.pack(len(piece)) + piece)
            self._send(PIECE.pack(0))
        except (BrokenPipeError, ConnectionResetError):
            raise NotScanned(self._gave_up()) from None
        except OSError:
            raise NotScanned("The scanner did not take the file in time.") from None
        return _verdict(self._answer())

    def _send(self, content: bytes) -> None:
        self._wait()
        self._connection.sendall(content)

    def _wait(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)

    def _answer(self) -> bytes:
        found = b""
        try:
            while not found.endswith(b"\0") and len(found) <= LONGEST_ANSWER:
                self._wait()
                piece = self._connection.recv(LONGEST_ANSWER)
                if not piece:
                    break
                found += piece
        except OSError:
            raise NotScanned("The scanner did not answer in time.") from None
        return found

    def _gave_up(self) -> str:
        """It hung up while the file was coming: what it said before, if it is what it says of files that are too large."""
        try:
            said = self._answer()
        except NotScanned:
            said = b""
        if b"size limit exceeded" in said:
            return "The file is larger than the scanner takes. Raise StreamMaxLength in clamd.conf."
        return "The scanner hung up while the file was on its way."


def _verdict(answer: bytes) -> bool:
    if answer == b"stream: OK\0":
        return False
    if answer.startswith(b"stream: ") and answer.endswith(b" FOUND\0"):
        return True
    if b"size limit exceeded" in answer:
        raise NotScanned("The file is larger than the scanner takes. Raise StreamMaxLength in clamd.conf.")
    raise NotScanned("The scanner gave no verdict. Look at its log.")


@contextmanager
def connected(address: str, seconds: float) -> Iterator[Scanner]:
    """A connection to the scanner, to be used within so many seconds. Raises NotScanned where there is none.

    `address`: tcp://127.0.0.1:3310, or unix:///run/clamav/clamd.ctl
    """
    deadline = time.monotonic() + seconds
    try:
        connection = _connection(address, min(CONNECT_SECONDS, seconds))
    except (OSError, ValueError):
        raise NotScanned("The scanner cannot be reached. Look whether clamd runs, and at DHR_CLAMD.") from None
    with connection:
        yield Scanner(connection, deadline)


def _connection(address: str, seconds: float) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return socket.create_connection((parts.hostname, parts.port), timeout=seconds)
    if parts.scheme != "unix" or not parts.path:
        raise ValueError("DHR_CLAMD is tcp://host:port or unix:///path.")
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(seconds)
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection
