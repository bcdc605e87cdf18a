"""MSG: the head of a mail, its words, and what is attached by type and size ([MS-OXMSG] 2). Nothing attached is opened."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import PurePath

from olefile import OleFileIO

from .blocks import MOST_TEXT, Blocks, Trouble, Unreadable
from .mail import add_paragraphs
from .sheets import decoded
from .web_text import add_html

HEAD = (("0C1A", "From"), ("0E04", "To"), ("0E03", "Copy to"))
SUBJECT, PLAIN, HTML = "0037", "1000", "1013"
SENT, DELIVERED = 0x0039, 0x0E06  # PidTagClientSubmitTime, PidTagMessageDeliveryTime
ROOT_HEAD, ENTRY = 32, struct.Struct("<HHIQ")  # [MS-OXMSG] 2.4.1.1 and 2.4.2
LONGEST = MOST_TEXT * 2  # bytes of one text


def render(ole: OleFileIO, out: Blocks) -> None:
    out.facts(
        [*((label, _text(ole, tag)) for tag, label in HEAD), ("Sent", _sent(ole)), ("Subject", _text(ole, SUBJECT))]
    )
    plain = _text(ole, PLAIN)
    html = "" if plain.strip() else decoded(_stream(ole, f"__substg1.0_{HTML}0102"))
    if not (plain.strip() or html.strip()):
        raise Unreadable(Trouble.NO_TEXT)
    if plain.strip():
        add_paragraphs(plain, out)
    else:
        add_html(html, out)
    out.attachments(_attached(ole))


def _stream(ole: OleFileIO, *path: str) -> bytes:
    if not ole.exists(list(path)):
        return b""
    with ole.openstream(list(path)) as stream:
        return bytes(stream.read(LONGEST))


def _text(ole: OleFileIO, tag: str, *storage: str) -> str:
    """A text property, as 16-bit characters or as Windows wrote it."""
    wide = _stream(ole, *storage, f"__substg1.0_{tag}001F")
    if wide:
        return wide.decode("utf-16-le", "replace")
    return _stream(ole, *storage, f"__substg1.0_{tag}001E").decode("cp1252", "replace")


def _sent(ole: OleFileIO) -> str:
    """When it was sent, else when it came: 100 nanoseconds since 1601, UTC."""
    properties = _stream(ole, "__properties_version1.0")[ROOT_HEAD:]
    times = {}
    for place in range(0, len(properties) - ENTRY.size + 1, ENTRY.size):
        _, tag, _, value = ENTRY.unpack_from(properties, place)
        times[tag] = value
    ticks = times.get(SENT) or times.get(DELIVERED)
    if not ticks or ticks > 10**18:
        return ""
    at = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _attached(ole: OleFileIO) -> Iterator[tuple[str, int]]:
    storages = {
        path[0] for path in ole.listdir(streams=True, storages=True) if path[0].startswith("__attach_version1.0_")
    }
    for storage in sorted(storages):
        data = [storage, "__substg1.0_37010102"]
        name = _text(ole, "3707", storage) or _text(ole, "3704", storage) or _text(ole, "3703", storage)
        yield PurePath(name.strip("\0")).suffix.removeprefix("."), ole.get_size(data) if ole.exists(data) else 0
