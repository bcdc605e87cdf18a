"""Finding canaries in any bytes: as they are, in other encodings, and inside what is compressed or packed."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .canaries import BIRTH, UNKNOWN, Canaries

DEEPEST = 3  # packed in packed in packed
LARGEST = 8_000_000  # bytes that one packed piece is opened to
PIECE = 4_096
WINDOW = 400  # bytes after a stem in which the rest of its word stands, however it is written
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
GZIP, ZIP = b"\x1f\x8b\x08", b"PK\x03\x04"
ZIP_HEAD = struct.Struct("<4s5H3L2H")  # APPNOTE 4.3.7: a local file header without its name
DEFLATED = 8
RUN = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def _base64(start: int) -> Callable[[str], bytes]:
    """The letters of base64 that stand for this text alone, where it begins so many bytes into a group of three."""

    def encoded(text: str) -> bytes:
        whole = base64.b64encode(b"\0" * start + text.encode())
        first, spare = (0, 2, 3)[start], (start + len(text)) % 3
        return whole[first : len(whole) - ((0, 3, 2)[spare] if spare else 0)]

    return encoded


def _hex(text: str) -> bytes:
    return text.encode().hex().encode()


def _quoted(mark: str) -> Callable[[str], bytes]:
    return lambda text: "".join(f"{mark}{ord(letter):02x}" for letter in text).encode()


# How a text may be written -> whether the case of what is written tells letters apart there, and how it is done.
WRITTEN: dict[str, tuple[bool, Callable[[str], bytes]]] = {
    "UTF-8": (False, str.encode),
    "UTF-16": (False, lambda text: text.encode("utf-16-le")),  # the other end first reads the same from its second byte
    "hexadecimal": (False, _hex),
    "quoted for an address": (False, _quoted("%")),
    "escaped for JSON": (False, _quoted(r"\u00")),
    **{f"base64, {start} bytes in": (True, _base64(start)) for start in range(3)},
}


@dataclass(frozen=True)
class Hit:
    """A canary: the door it was planted at, and how it was written where it was found."""

    door: str
    written: str


class Sieve:
    """Looks for every canary at once, by what all of them begin with."""

    def __init__(self, canaries: Canaries) -> None:
        self.canaries = canaries
        self._needles = [
            (how, exact, write, spelling, write(spelling).lower() if not exact else write(spelling))
            for how, (exact, write) in WRITTEN.items()
            for spelling in _spellings(canaries.stem, how)
        ]
        self._days = [
            (how, exact, write(day)) for how, (exact, write) in WRITTEN.items() for day in canaries.birthdays()
        ]

    def sift(self, data: bytes) -> set[Hit]:
        """The canaries in these bytes, and in whatever is packed in them."""
        return {hit for how, layer in layers(data) for hit in self._sift(layer, how)}

    def _sift(self, data: bytes, inside: str) -> Iterator[Hit]:
        folded = data.lower()
        for how, exact, write, spelling, needle in self._needles:
            for window in _windows(data if exact else folded, needle):
                yield Hit(self._door(window, spelling, write, exact), inside + how)
        for how, exact, day in self._days:
            if (day if exact else day.lower()) in (data if exact else folded):
                yield Hit(BIRTH, inside + how)

    def _door(self, window: bytes, stem: str, write: Callable[[str], bytes], exact: bool) -> str:
        """Whose word begins here, spelt as the stem is."""
        for door, word in self.canaries.words.items():
            written = write(stem + (word.upper() if stem.isupper() else word)[len(stem) :])
            if window.startswith(written if exact else written.lower()):
                return door
        return UNKNOWN


def _spellings(stem: str, how: str) -> tuple[str, ...]:
    folds = how.startswith("UTF")  # letters that are compared in lower case anyway
    return (stem,) if folds else (stem, stem.lower(), stem.upper())


def _windows(data: bytes, needle: bytes) -> Iterator[bytes]:
    seen: set[bytes] = set()
    place = data.find(needle)
    while place >= 0:
        window = data[place : place + WINDOW]
        if window[:80] not in seen:
            seen.add(window[:80])
            yield window
        place = data.find(needle, place + 1)


def layers(data: bytes, inside: str = "", depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """These bytes, and everything that is packed in them, with the words that say in what."""
    yield inside, data
    if depth < DEEPEST:
        for how, piece in _packed(data):
            yield from layers(piece, f"{inside}{how} > ", depth + 1)


def _packed(data: bytes) -> Iterator[tuple[str, bytes]]:
    for mark in ZLIB:
        yield from (
            ("zlib", piece) for place in _places(data, mark) if (piece := _inflated(data, place, zlib.MAX_WBITS))
        )
    gzip = zlib.MAX_WBITS | 16
    yield from (("gzip", piece) for place in _places(data, GZIP) if (piece := _inflated(data, place, gzip)))
    for place in _places(data, ZIP):
        if len(head := data[place : place + ZIP_HEAD.size]) == ZIP_HEAD.size:
            *_, name, extra = fields = ZIP_HEAD.unpack(head)
            start = place + ZIP_HEAD.size + name + extra
            if fields[3] == DEFLATED and (piece := _inflated(data, start, -zlib.MAX_WBITS)):
                yield "zip", piece
    yield from _decoded(data)


def _decoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """What is packed and then written in base64: as a session is, or an attachment. Plain text in base64 is found as it is."""
    for run in RUN.finditer(data):
        letters = run.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        whole = letters[:-1] if len(letters) % 4 == 1 else letters  # one letter alone stands for nothing
        piece = base64.b64decode(whole + b"=" * (-len(whole) % 4))
        if piece.startswith((*ZLIB, GZIP, ZIP)):
            yield "base64", piece


def _places(data: bytes, mark: bytes) -> Iterator[int]:
    place = data.find(mark)
    while place >= 0:
        yield place
        place = data.find(mark, place + 1)


def _inflated(data: bytes, place: int, bits: int) -> bytes:
    """What is deflated from this place on, as far as it is whole. Fed in small pieces: most places are none."""
    packed, found = zlib.decompressobj(bits), bytearray()
    try:
        while not packed.eof and place < len(data) and len(found) < LARGEST:
            found += packed.decompress(data[place : place + PIECE])
            place += PIECE
    except zlib.error:
        pass  # torn off, or never deflated: what came out before counts
    return bytes(found)
