"""DOC: the text of a Word 97 document, from its table of pieces ([MS-DOC] 2.4.1, 2.8.35 and 2.9.177)."""

from __future__ import annotations

import re
import struct

from olefile import OleFileIO

from ..kinds.compound import ENCRYPTED, information_block
from .blocks import Blocks, Trouble, Unreadable

LARGEST = 64_000_000  # bytes of one stream
ONE_TABLE = 0x0200  # fWhichTblStm
TEXT_LENGTH, PIECES = 0x4C, 0x1A2  # ccpText; fcClx and lcbClx
COMPRESSED = 0x40000000  # one byte a character, at half of what stands there
# A field is its code, a separator and its result: the code is never shown (2.8.25). Then what stands for objects.
FIELD_CODE = re.compile(r"\x13[^\x13-\x15]*(?:\x14|(?=\x15))")
MARKS = re.compile(r"[\x01\x02\x05\x08\x13-\x15\x1f]")


def render(ole: OleFileIO, out: Blocks) -> None:
    """Every paragraph of the main text, tables cell by cell."""
    for paragraph in re.split(r"[\r\x07\x0c\x0e]", _body(ole)):
        out.paragraph(paragraph.replace("\x0b", "\n").replace("\x1e", "-"))


def _body(ole: OleFileIO) -> str:
    head = information_block(ole)
    flags = struct.unpack_from("<H", head, 0x0A)[0]
    if flags & ENCRYPTED:
        raise Unreadable(Trouble.PASSWORD_NEEDED)
    length = struct.unpack_from("<I", head, TEXT_LENGTH)[0]
    start, size = struct.unpack_from("<II", head, PIECES)
    table = _stream(ole, "1Table" if flags & ONE_TABLE else "0Table")[start : start + size]
    text = "".join(_pieces(_stream(ole, "WordDocument"), _plc(table)))[:length]
    if not text.strip():
        raise Unreadable(Trouble.NO_TEXT)
    return _without_codes(text)


def _stream(ole: OleFileIO, name: str) -> bytes:
    if not ole.exists(name):
        raise Unreadable(Trouble.NO_TEXT)
    with ole.openstream(name) as stream:
        found = bytes(stream.read(LARGEST + 1))
    if len(found) > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    return found


def _plc(table: bytes) -> bytes:
    """The list of pieces, behind the property changes that come first (2.9.38)."""
    at = 0
    while at + 3 <= len(table) and table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at + 5 > len(table) or table[at] != 2:
        raise Unreadable(Trouble.NO_TEXT)
    size = struct.unpack_from("<I", table, at + 1)[0]
    return table[at + 5 : at + 5 + size]


def _pieces(stream: bytes, plc: bytes) -> list[str]:
    count = (len(plc) - 4) // 12
    if count < 1:
        raise Unreadable(Trouble.NO_TEXT)
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    found = []
    left = LARGEST
    for number in range(count):
        place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)[0]
        length = min(max(ends[number + 1] - ends[number], 0), left)
        left -= length
        if place & COMPRESSED:
            begin = (place & ~COMPRESSED) // 2
            found.append(stream[begin : begin + length].decode("cp1252", "replace"))
        else:
            found.append(stream[place : place + 2 * length].decode("utf-16-le", "replace"))
    return found


def _without_codes(text: str) -> str:
    """Fields lie inside fields: the innermost codes go first, until none is left."""
    for _ in range(20):
        shorter = FIELD_CODE.sub("", text)
        if shorter == text:
            break
        text = shorter
    return MARKS.sub("", text)
