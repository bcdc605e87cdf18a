"""The process that parses one file. It has two pipes, no key, no file and no network, and ends with its one answer.

On its input comes a line of JSON, the job. On its output it asks for bytes ("R", place, length) or gives its answer ("A",
length, JSON). Before the first byte of the file is read, its limits are set so that it can open nothing any more: neither a
file nor a socket gets a descriptor.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import resource
import struct
from collections.abc import Callable
from typing import Any

ASK = struct.Struct(">cQI")
LENGTH = struct.Struct(">I")
MEMORY = 768 * 1024 * 1024  # bytes
CPU_SECONDS = 20
STEP = 262_144  # bytes asked for at a time
LARGEST_ANSWER = 16_000_000  # bytes
# Ways of writing text that a file may name: Python reads each from disk when it is first used, so they come in before.
CODECS = (
    *("ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp437", "latin-1"),
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac-roman", "koi8-r"),
    *("iso8859-2", "iso8859-3", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "gb18030", "big5", "shift-jis"),
    *("euc-kr", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "charmap"),
)


class Paper(io.RawIOBase):
    """The file, as far as this process can see it: bytes that come when asked for."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self._at = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + place < 0:
            raise ValueError("A place before the beginning.")
        self._at = start + place
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), STEP, max(self._size - self._at, 0))
        if wanted == 0:
            return 0
        _write(ASK.pack(b"R", self._at, wanted))
        found = _read(wanted)
        buffer[:wanted] = found
        self._at += wanted
        return wanted


def _write(content: bytes) -> None:
    while content:
        content = content[os.write(1, content) :]


def _read(length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        piece = os.read(0, length - len(found))
        if not piece:
            os._exit(1)  # whoever asked is gone
        found += piece
    return bytes(found)


def _line() -> bytes:
    found = bytearray()
    while not found.endswith(b"\n"):
        found += _read(1)
    return bytes(found)


def shut() -> None:
    """From here on, nothing can be opened, written or started."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 2),  # 0 and 1 are open; a third cannot be
    ):
        resource.setrlimit(what, (most, most))


def bring_in_codecs() -> None:
    """Bring in what Python would otherwise look for on the disk when it is too late."""
    for name in CODECS:
        codecs.lookup(name)


def _job(asked: dict[str, Any]) -> Callable[[io.BufferedReader], dict[str, Any]]:
    """What to do with the file: everything that it needs is imported here, before the door shuts."""
    if asked["job"] == "check":
        from restricted_docs.kinds.findings import NotTaken, in_order
        from restricted_docs.kinds.inspecting import inspect

        def check(file: io.BufferedReader) -> dict[str, Any]:
            try:
                return {"findings": in_order(inspect(file, asked["ending"]))}
            except NotTaken as reason:
                return {"refused": reason.why.value}

        return check
    if asked["job"] == "page":
        from restricted_docs.page_images import drawing

        drawing.warm(asked["ending"])
        return lambda file: drawing.page_of(file, asked)
    from restricted_docs.renditions.rendering import render, warm

    warm(asked["ending"])
    return lambda file: render(file, asked["ending"], asked.get("password", ""))


def main() -> None:
    asked = json.loads(_line())
    act = _job(asked)
    bring_in_codecs()
    os.close(2)
    shut()
    answer = json.dumps(act(io.BufferedReader(Paper(asked["size"]), STEP))).encode()
    if len(answer) <= LARGEST_ANSWER:
        _write(b"A" + LENGTH.pack(len(answer)) + answer)
    os._exit(0)
