"""What kind of file this is: the ending of its name, its first and last bytes, and how it is built must say the same.

Only the kinds listed here are accepted. Name and bytes are judged here, from the first and the last 64 KiB; how a file is
built is judged in restricted_docs/kinds, as it streams by or, for files that hold others, in the sandbox. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from .kinds.findings import Finding, Why, WrongType
from .kinds.inspecting import CONTAINERS, OLE
from .kinds.pdf import PdfScan
from .kinds.pictures import PNG, JpegScan, PngScan
from .kinds.text import BOMS, CsvScan, MailScan, TextScan
from .vault.errors import Damaged

SAMPLE_BYTES = 65_536  # of the head, and of the tail
ZIP, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"  # APPNOTE 4.3.7 and 4.3.16
JPEG = b"\xff\xd8\xff"
MAIL_HEADER = re.compile(
    rb"\A(?:[\x21-\x39\x3b-\x7e]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    rb"(?:from|to|date|subject|received|return-path|mime-version|message-id):",
    re.IGNORECASE,
)
OTHERS = (OLE, ZIP, PNG, JPEG, b"%PDF-", b"MZ", b"\x7fELF", b"GIF8", b"Rar!", b"\x1f\x8b", b"7z\xbc\xaf")


class Scan(Protocol):
    """Looks at a file as it streams by."""

    def add(self, chunk: bytes) -> None: ...

    def finish(self) -> set[Finding]: ...


@dataclass(frozen=True)
class FileType:
    """One accepted kind of file. `inline`: a browser may show it as it is, without a program of its own."""

    ending: str
    media_type: str
    fits: Callable[[bytes, bytes], bool]
    scan: Callable[[], Scan] | None = None
    inline: bool = False

    @property
    def name(self) -> str:
        return self.ending.removeprefix(".").upper()

    @property
    def is_container(self) -> bool:
        """Whether it holds files of its own, so that the whole of it is looked into once it is sealed."""
        return self.ending in CONTAINERS


def _pdf(head: bytes, tail: bytes) -> bool:
    return b"%PDF-" in head[:1024] and b"%%EOF" in tail[-2048:]


def _png(head: bytes, tail: bytes) -> bool:
    return head.startswith(PNG)


def _jpeg(head: bytes, tail: bytes) -> bool:
    return head.startswith(JPEG) and b"\xff\xd9" in tail


def _ole(head: bytes, tail: bytes) -> bool:
    return head.startswith(OLE)


def _zip(head: bytes, tail: bytes) -> bool:
    return head.startswith(ZIP) and ZIP_END in tail


def _office(head: bytes, tail: bytes) -> bool:
    """A package, or what a password makes of one ([MS-OFFCRYPTO] 1.3)."""
    return _zip(head, tail) or _ole(head, tail)


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
        FileType(".pdf", "application/pdf", _pdf, PdfScan, inline=True),
        FileType(".docx", f"{_OFFICE}.wordprocessingml.document", _office),
        FileType(".docm", "application/vnd.ms-word.document.macroenabled.12", _office),
        FileType(".odt", "application/vnd.oasis.opendocument.text", _zip),
        FileType(".xlsx", f"{_OFFICE}.spreadsheetml.sheet", _office),
        FileType(".csv", "text/csv", _text, CsvScan),
        FileType(".txt", "text/plain", _text, TextScan, inline=True),
        FileType(".png", "image/png", _png, PngScan, inline=True),
        FileType(".jpg", "image/jpeg", _jpeg, JpegScan, inline=True),
        FileType(".jpeg", "image/jpeg", _jpeg, JpegScan, inline=True),
        FileType(".doc", "application/msword", _ole),
        FileType(".msg", "application/vnd.ms-outlook", _ole),
        FileType(".eml", "message/rfc822", _mail, MailScan),
    )
}
ACCEPTED = tuple(TYPES)
INLINE = frozenset(kind.media_type for kind in TYPES.values() if kind.inline)
WORDS = "PDF, Word (DOCX, DOCM, DOC), ODT, Excel (XLSX), CSV, TXT, PNG, JPEG or e-mail (MSG, EML)"
SENTENCES = {
    Why.UNKNOWN: f"This kind of file cannot be filed. Choose {WORDS}.",
    Why.TOO_MUCH: "This file unpacks to far more than a paper holds, so it was not kept. "
    "Open it on your computer, save it again and send that.",
    Why.TOO_WIDE: "This picture has more than 100 million dots. Save it smaller and send that.",
    Why.UNCHECKED: "This file could not be checked, so it was not kept. "
    "Open it on your computer, save it again and send that.",
}


def kind_of(name: str) -> FileType:
    """The kind that the ending of a name promises. Raises WrongType."""
    kind = TYPES.get(PurePath(name).suffix.lower())
    if kind is None:
        raise WrongType(Why.UNKNOWN, SENTENCES[Why.UNKNOWN])
    return kind


def sniff(name: str, head: bytes, tail: bytes) -> FileType:
    """The type of a file by its name and its first and last bytes. Raises WrongType with a sentence for the person."""
    kind = kind_of(name)
    if not kind.fits(head, tail):
        raise wrong(kind, Why.OTHER)
    return kind


def wrong(kind: FileType, why: Why) -> WrongType:
    """The refusal of a file of this kind, with its sentence."""
    named = (
        f"This file is named like {kind.name}, but what is in it is something else, or it is damaged. "
        "Open it on your computer, save it again and send that."
    )
    return WrongType(why, SENTENCES.get(why, named))


def ending_of(media_type: str) -> str:
    """The usual ending of an accepted type; raises Damaged for any other, which no filing stored."""
    for kind in TYPES.values():
        if kind.media_type == media_type:
            return kind.ending
    raise Damaged("What is stored about the kind of this file was changed. Restore it from a backup.")
