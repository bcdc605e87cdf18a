"""EML: the head of a mail, its words, and what is attached by type and size (RFC 5322, RFC 2045). Nothing attached is opened."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser  # here, not where it is used: the sandbox can import nothing later
from pathlib import PurePath
from typing import Any

from .blocks import Blocks, Trouble, Unreadable
from .web_text import add_html

HEAD = (("From", "From"), ("To", "To"), ("Cc", "Copy to"), ("Date", "Sent"), ("Subject", "Subject"))
LARGEST = 80_000_000  # bytes of a mail with all that is attached
DEPTH = 20


def render(file: Any, out: Blocks) -> None:
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(Trouble.TOO_LARGE)
    message = BytesParser().parsebytes(content)
    out.facts((label, _decoded(message.get(name))) for name, label in HEAD)
    parts = list(_parts(message))
    words = [part for part in parts if not _is_attached(part)]
    plain = [part for part in words if part.get_content_type() == "text/plain"]
    for part in plain or [part for part in words if part.get_content_type() == "text/html"]:
        text = _text(part)
        if part.get_content_type() == "text/html":
            add_html(text, out)
        else:
            add_paragraphs(text, out)
    out.attachments(_attached(part) for part in parts if part not in words)


def add_paragraphs(text: str, out: Blocks) -> None:
    """Text whose paragraphs an empty line divides."""
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        out.paragraph(paragraph)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that are not made of parts; a mail inside a mail is one thing that is attached."""
    if depth > DEPTH:
        raise Unreadable(Trouble.DAMAGED)
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _is_attached(part: Message) -> bool:
    is_words = part.get_content_type() in {"text/plain", "text/html"}
    return not is_words or part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _attached(part: Message) -> tuple[str, int]:
    content = part.get_payload(decode=True)
    size = len(content) if isinstance(content, bytes) else sum(len(str(inner)) for inner in part.get_payload() or ())
    name = _decoded(part.get_filename() or "")
    return PurePath(name).suffix.removeprefix(".") or part.get_content_subtype(), size


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeDecodeError, OSError):  # OSError: a way of writing that the sandbox cannot bring in
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
    except (LookupError, OSError):
        return str(word.decode("cp1252", "replace"))
