"""Pictures as they stream by: whole, and no wider than somebody could have scanned. Their pixels are never unpacked here.

PNG: W3C PNG, 5.3 and 11.2. JPEG: ITU-T T.81, B.1 and B.2.
"""

from __future__ import annotations

import struct

from . import limits
from .findings import Finding, NotTaken, Why

PNG = b"\x89PNG\r\n\x1a\n"
NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})  # TEM, restart markers, start of image
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start of frame, by each way of coding
SCAN, END = 0xDA, 0xD9


def _check_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise NotTaken(Why.OTHER)
    if width * height > limits.PIXELS:
        raise NotTaken(Why.TOO_WIDE)


class _Walk:
    """Steps through a stream part by part, keeping only what a part's head needs."""

    def __init__(self) -> None:
        self._here = b""
        self._skip = self._parts = 0

    def add(self, chunk: bytes) -> None:
        if self._skip >= len(chunk):
            self._skip -= len(chunk)
            return
        self._here += chunk[self._skip :]
        self._skip = 0
        while self._step():
            pass

    def _step(self) -> bool:
        """Take one part; False where more bytes are needed."""
        raise NotImplementedError

    def _pass(self, length: int) -> bool:
        self._parts += 1
        if self._parts > limits.PICTURE_PARTS:  # each costs a step: this is the server's own time
            raise NotTaken(Why.OTHER)
        self._skip = max(length - len(self._here), 0)
        self._here = self._here[length:]
        return self._skip == 0


class PngScan(_Walk):
    """`add` the bytes in order, then `finish` for the findings. Raises NotTaken."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = self._sized = self._ended = self._more = False

    def _step(self) -> bool:
        if self._ended:
            self._more = self._more or bool(self._here)
            self._here = b""
            return False
        if not self._begun:
            return len(self._here) >= len(PNG) and self._begin()
        if len(self._here) < 16:
            return self._last_chunk()
        length, name = struct.unpack(">I4s", self._here[:8])
        if not self._sized:
            if name != b"IHDR":
                raise NotTaken(Why.OTHER)
            _check_pixels(*struct.unpack(">II", self._here[8:16]))
            self._sized = True
        self._ended = name == b"IEND"
        return self._pass(12 + length)

    def _begin(self) -> bool:
        if not self._here.startswith(PNG):
            raise NotTaken(Why.OTHER)
        self._begun = True
        return self._pass(len(PNG))

    def _last_chunk(self) -> bool:
        """The end is the only chunk that may be as short as 12 bytes."""
        if len(self._here) >= 12 and self._here[4:8] == b"IEND":
            self._ended = True
            return self._pass(12)
        return False

    def finish(self) -> set[Finding]:
        if not (self._ended and self._sized):
            raise NotTaken(Why.OTHER)
        return {Finding.MORE_BEHIND} if self._more else set()


class JpegScan(_Walk):
    """`add` the bytes in order, then `finish` for the findings. Raises NotTaken."""

    def __init__(self) -> None:
        super().__init__()
        self._sized = self._scanning = self._ended = self._more = False

    def _step(self) -> bool:
        if self._scanning:
            return self._pass_scan()
        if len(self._here) < 10 or self._here[0] != 0xFF:
            if len(self._here) >= 10:
                raise NotTaken(Why.OTHER)
            return False
        marker = self._here[1]
        if marker == 0xFF or marker in NO_LENGTH:  # a fill byte, or a marker that stands alone
            return self._pass(1 if marker == 0xFF else 2)
        if marker in FRAMES:
            height, width = struct.unpack(">HH", self._here[5:9])
            _check_pixels(width, height)
            self._sized = True
        self._scanning = marker in {SCAN, END}
        return self._pass(2 + max(struct.unpack(">H", self._here[2:4])[0], 2))

    def _pass_scan(self) -> bool:
        """Nothing of a scan is kept but what could begin its end, and whether anything but filling stands behind that."""
        end = -1 if self._ended else self._here.find(b"\xff\xd9")
        if end >= 0:
            self._ended, self._here = True, self._here[end + 2 :]
        self._more = self._more or (self._ended and self._here.strip(b"\0") != b"")
        self._here = b"" if self._ended else self._here[-1:]
        return False

    def finish(self) -> set[Finding]:
        if not (self._sized and self._scanning):
            raise NotTaken(Why.OTHER)
        return {Finding.MORE_BEHIND} if self._more else set()
