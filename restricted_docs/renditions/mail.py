"""EML: the head of a mail, its words, and what is attached by type and size (RFC 5322, RFC 2045). Nothing attached is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser  # here, not where it is used: the sandbox can import nothing later
from pathlib import PurePath
from typing import Any

from .blocks import Blocks, Trouble, Unreadable
from .web_text import add_html

HEAD = (("From", "From"), ("To", "To"), ("Cc", "Copy to"), ("Date", "Sent"), ("Subject", "Subject"))
WORDS = ("text/plain", "text/html")
LARGEST = 80_000_000  # bytes of a mail with all that is attached
DEPTH = 20
# A way of writing that there is none of, that does not fit, or that the sandbox cannot bring in any more.
NOT_KNOWN = (LookupError, ValueError, OSError)


def render(file: Any, out: Blocks) -> None:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    message = BytesParser().parsebytes(content)
    out.facts((label, _decoded(message.get(name))) for name, label in HEAD)
    parts = list(_parts(message))
    for part in parts:
        if _is_attached(part):
            continue
        if part.get_content_type() == "text/html":
            add_html(_text(part), out)
        else:
            add_paragraphs(_text(part), out)
    out.attachments(_attached(part) for part in parts if _is_attached(part))


def add_paragraphs(text: str, out: Blocks) -> None:
    """Text whose paragraphs an empty line divides."""
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        out.paragraph(paragraph)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that are not made of parts; a mail inside a mail is one thing that is attached."""
    if depth > DEPTH:
        raise Unreadable(Trouble.DAMAGED)
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    inner = [list(_parts(part, depth + 1)) for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_subtype() == "alternative":
        yield from _said_once(inner)
    else:
        yield from (part for parts in inner for part in parts)


def _said_once(ways: list[list[Message]]) -> Iterator[Message]:
    """Of several ways to say the same (RFC 2046, 5.1.4) the first plain one that says anything; of all, what is attached."""

    def says(way: list[Message], *kinds: str) -> bool:
        return any(part.get_content_type() in kinds and _text(part).strip() for part in way if not _is_attached(part))

    plain, any_way = [way for way in ways if says(way, "text/plain")], [way for way in ways if says(way, *WORDS)]
    chosen = (plain or any_way or [[]])[0]
    for way in ways:
        yield from (part for part in way if way is chosen or _is_attached(part))


def _is_attached(part: Message) -> bool:
    is_words = part.get_content_type() in WORDS
    return not is_words or part.get_content_disposition() == "attachment" or bool(_told(part.get_filename))


def _told(read: Callable[[], str | None]) -> str:
    """What a header says; "?" where it is written in a way that is not known here."""
    try:
        return read() or ""
    except NOT_KNOWN:
        return "?"


def _attached(part: Message) -> tuple[str, int]:
    name = _decoded(_told(part.get_filename))
    return PurePath(name).suffix.removeprefix(".") or part.get_content_subtype(), _size(part)


def _size(part: Message) -> int:
    """In bytes; 0 for a mail inside that cannot be written down again."""
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return len(content)
    try:
        return sum(len(inner.as_bytes()) for inner in part.get_payload() or () if isinstance(inner, Message))
    except NOT_KNOWN:
        return 0


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (_told(part.get_content_charset) or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except NOT_KNOWN:
            continue
    return content.decode("cp1252", "replace")


def _decoded(value: Any) -> str:
    """A header's text, with the words that are written in another way (RFC 2047)."""
    try:
        found = decode_header(str(value or ""))
    except HeaderParseError:
        return str(value)
    return "".join(_word(word, charset) for word, charset in found)


def _word(word: Any, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return str(word.decode(charset or "utf-8", "replace"))
    except NOT_KNOWN:
        return str(word.decode("cp1252", "replace"))
