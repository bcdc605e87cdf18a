"""A PDF, as it streams by: whether it is built like one, and the names of what could act (ISO 32000-1, 7.5 and 12.6).

Names are looked for everywhere, also where they are written with #xx, and inside compressed object streams, which is where
newer files keep them. Nothing is parsed as a program would: a name too many is a finding too many, never a hole.
"""

from __future__ import annotations

import re
import zlib

from . import limits
from .findings import Finding, NotTaken, Why

NAMES: dict[Finding, tuple[bytes, ...]] = {
    Finding.JAVASCRIPT: (b"JavaScript",),
    Finding.LAUNCHES: (b"Launch", b"ImportData", b"SubmitForm"),
    Finding.EMBEDDED_FILES: (b"EmbeddedFile", b"EmbeddedFiles", b"FileAttachment"),
    Finding.MEDIA: (b"RichMedia", b"Rendition", b"Movie"),
    Finding.PASSWORD: (b"Encrypt",),
}
OVERLAP = 128  # bytes, longer than any name with each letter written as #xx
STREAM = re.compile(rb"stream\r?\n")
OBJECT = re.compile(rb"\b\d+\s+\d+\s+obj\b")
DICTIONARY = 4_096  # bytes, in which an object stream's dictionary ends


def _written(name: bytes) -> bytes:
    """A pattern for this name, whatever letters of it are written as #xx (ISO 32000-1, 7.3.5)."""
    return b"".join(b"(?:%c|#%02x|#%02X)" % (letter, letter, letter) for letter in name)


_LOOKED_FOR = {finding.value: names for finding, names in NAMES.items()} | {
    "root": (b"Root",),
    "object_stream": (b"ObjStm",),
}
_PATTERNS = b"|".join(
    b"(?P<%s>%s)" % (what.encode(), b"|".join(_written(name) for name in names)) for what, names in _LOOKED_FOR.items()
)
_FIRST = bytes(sorted({name[0] for names in _LOOKED_FOR.values() for name in names}))
# What a name can begin with is asked first: of random bytes, which compressed pages look like, that takes half the time.
NAMED = re.compile(b"/(?=[#%s])(?:%s)(?![A-Za-z0-9#])" % (_FIRST, _PATTERNS))
OBJECT_STREAM = re.compile(b"/" + _written(b"ObjStm") + rb"(?![A-Za-z0-9#])")


class PdfScan:
    """`add` the bytes in order, then `finish` for the findings. Raises NotTaken."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._tail = self._inner_tail = self._waiting = b""
        self._has_object = False
        self._inflating: zlib._Decompress | None = None
        self._inflated = self._streams = 0

    def add(self, chunk: bytes) -> None:
        whole = self._tail + chunk
        found = self._look(whole)
        self._has_object = self._has_object or OBJECT.search(whole) is not None
        self._tail = whole[-OVERLAP:]
        if self._inflating is None and len(self._waiting) <= OVERLAP and "object_stream" not in found:
            self._waiting = self._tail  # no object stream has begun, here or in what waits, which is the end of before
        else:
            self._object_streams(chunk)

    def finish(self) -> set[Finding]:
        if not self._has_object or "root" not in self._seen:
            raise NotTaken(Why.OTHER)
        return {Finding(name) for name in self._seen - {"root", "object_stream"}}

    def _look(self, text: bytes) -> set[str]:
        found = {match.lastgroup for match in NAMED.finditer(text) if match.lastgroup}
        self._seen |= found
        return found

    def _object_streams(self, chunk: bytes) -> None:
        self._waiting += chunk
        while self._inflate() if self._inflating is not None else self._find():
            pass

    def _find(self) -> bool:
        """Go to where the next object stream begins; False where more bytes are needed."""
        start = OBJECT_STREAM.search(self._waiting)
        if start is None:
            self._waiting = self._waiting[-OVERLAP:]
            return False
        self._streams += 1
        if self._streams > limits.OBJECT_STREAM_COUNT:  # each costs a search: this is the server's own time
            raise NotTaken(Why.TOO_MUCH)
        begin = STREAM.search(self._waiting, start.end(), start.end() + DICTIONARY)
        if begin is None:
            enough = len(self._waiting) - start.end() >= DICTIONARY
            self._waiting = self._waiting[start.end() :] if enough else self._waiting[start.start() :]
            return enough
        self._waiting, self._inner_tail = self._waiting[begin.end() :], b""
        self._inflating = zlib.decompressobj()
        return True

    def _inflate(self) -> bool:
        """Unpack what is here of an object stream and look into it; False where more bytes are needed."""
        stream = self._inflating
        if stream is None or not self._waiting:
            return False
        try:
            opened = stream.decompress(self._waiting, 1_000_000)
        except zlib.error:  # packed in another way, or encrypted: the rest is looked at as it stands
            self._inflating = None
            return True
        self._inflated += len(opened)
        if self._inflated > limits.OBJECT_STREAMS:
            raise NotTaken(Why.TOO_MUCH)
        whole = self._inner_tail + opened
        self._look(whole)
        self._inner_tail = whole[-OVERLAP:]
        if stream.eof:
            self._waiting, self._inflating = stream.unused_data, None
            return True
        self._waiting = stream.unconsumed_tail
        return bool(self._waiting) or bool(opened)
