"""What kind of file this is: the ending of its name and the bytes themselves must say the same. Plain Python.

Only the kinds listed here are accepted. A type is judged from the first and the last 64 KiB, which is where every one of
these formats says what it is and whether it is whole.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

SAMPLE_BYTES = 65_536  # of the head, and of the tail
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # Microsoft compound file, [MS-CFB] 2.2
ZIP, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"  # APPNOTE 4.3.7 and 4.3.16
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
BOMS = b"\xff\xfe", b"\xfe\xff"
MAIL_HEADER = re.compile(
    rb"\A(?:[\x21-\x39\x3b-\x7e]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    rb"(?:from|to|date|subject|received|return-path|mime-version|message-id):",
    re.IGNORECASE,
)
OTHERS = (OLE, ZIP, PNG, JPEG, b"%PDF-", b"MZ", b"\x7fELF", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")


class WrongType(ValueError):
    """This file is not accepted; the sentence says what to do."""


@dataclass(frozen=True)
class FileType:
    """One accepted kind of file. `inline`: a browser may show it as it is, without a program of its own."""

    ending: str
    media_type: str
    fits: Callable[[bytes, bytes], bool]
    inline: bool = False

    @property
    def name(self) -> str:
        return self.ending.removeprefix(".").upper()


def _pdf(head: bytes, tail: bytes) -> bool:
    return b"%PDF-" in head[:1024] and b"%%EOF" in tail[-2048:]


def _png(head: bytes, tail: bytes) -> bool:
    return head.startswith(PNG) and b"IEND" in tail[-64:]


def _jpeg(head: bytes, tail: bytes) -> bool:
    return head.startswith(JPEG) and b"\xff\xd9" in tail


def _ole(head: bytes, tail: bytes) -> bool:
    return head.startswith(OLE)


def _zipped(*parts: bytes, first: bytes = b"") -> Callable[[bytes, bytes], bool]:
    """A whole zip whose directory (at the end) or first entries name these parts, and no macro."""

    def fits(head: bytes, tail: bytes) -> bool:
        whole = head.startswith(ZIP) and ZIP_END in tail
        named = all(part in tail or part in head for part in parts) and first in head[:200]
        return whole and named and b"vbaProject.bin" not in tail and b"vbaProject.bin" not in head

    return fits


def _text(head: bytes, tail: bytes) -> bool:
    if head.startswith(OTHERS):
        return False
    return head.startswith(BOMS) or (b"\0" not in head and b"\0" not in tail)


def _mail(head: bytes, tail: bytes) -> bool:
    return _text(head, tail) and MAIL_HEADER.match(head[:8192].lstrip(b"\xef\xbb\xbf")) is not None


_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    kind.ending: kind
    for kind in (
        FileType(".pdf", "application/pdf", _pdf, inline=True),
        FileType(".docx", f"{_OFFICE}.wordprocessingml.document", _zipped(b"[Content_Types].xml", b"word/document")),
        FileType(
            ".odt", "application/vnd.oasis.opendocument.text", _zipped(first=b"application/vnd.oasis.opendocument.text")
        ),
        FileType(".xlsx", f"{_OFFICE}.spreadsheetml.sheet", _zipped(b"[Content_Types].xml", b"xl/workbook")),
        FileType(".csv", "text/csv", _text),
        FileType(".txt", "text/plain", _text, inline=True),
        FileType(".png", "image/png", _png, inline=True),
        FileType(".jpg", "image/jpeg", _jpeg, inline=True),
        FileType(".jpeg", "image/jpeg", _jpeg, inline=True),
        FileType(".doc", "application/msword", _ole),
        FileType(".msg", "application/vnd.ms-outlook", _ole),
        FileType(".eml", "message/rfc822", _mail),
    )
}
ACCEPTED = tuple(TYPES)
INLINE = frozenset(kind.media_type for kind in TYPES.values() if kind.inline)
WORDS = "PDF, Word (DOCX, DOC), ODT, Excel (XLSX), CSV, TXT, PNG, JPEG or e-mail (MSG, EML)"


def sniff(name: str, head: bytes, tail: bytes) -> FileType:
    """The type of a file by its name and its first and last bytes. Raises WrongType with a sentence for the person."""
    ending = PurePath(name).suffix.lower()
    kind = TYPES.get(ending)
    if kind is None:
        raise WrongType(f"This kind of file cannot be filed. Choose {WORDS}.")
    if kind.fits(head, tail):
        return kind
    if head.startswith(OLE) and ending in {".docx", ".xlsx"}:
        raise WrongType(
            "This file is locked with a password. Save it without one and send it again: it is sealed here anyway."
        )
    if b"vbaProject.bin" in head + tail:
        raise WrongType("This file contains macros. Save it without them and send it again.")
    raise WrongType(
        f"This file is named like {kind.name}, but what is in it is something else, or it is damaged. "
        "Open it on your computer, save it again and send that."
    )


def ending_of(media_type: str) -> str:
    """The usual ending of an accepted type; raises LookupError for any other."""
    for kind in TYPES.values():
        if kind.media_type == media_type:
            return kind.ending
    raise LookupError(f"{media_type} is not an accepted type.")
