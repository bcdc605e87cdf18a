"""The Home Office pack as one download: the papers chosen for it, streamed into one archive, nothing in clear on disk."""

from __future__ import annotations

import mimetypes
import zipfile
from collections.abc import Iterator
from typing import Any

from dhr.reviews.models import Pack, Review
from dhr.reviews.vocabulary import PackItem
from dhr.usecase import NotYet, ask
from restricted_docs.models import DocumentVersion
from restricted_docs.reading import download

Piece = tuple[str, Iterator[bytes]]


class _Outbox:
    """What the archive writes, until it is taken: zipfile needs something to write to that cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        data, self._pieces = b"".join(self._pieces), []
        return data


def pack_of(review: Review) -> Pack:
    """The newest pack that stands. Raises NotYet where there is none."""
    pack = Pack.objects.standing().filter(review=review).last()
    if pack is None:
        raise NotYet("There is no pack yet. Prepare the pack first.")
    return pack


def open_pack(review: Review, *, by: Any, reason: str) -> tuple[str, Iterator[bytes]]:
    """The pack's file name and bytes. Every paper's download is in the log before the first byte is given out.

    Raises Refused, NotYet, VaultError, LogUnavailable.
    """
    ask(by, "reviews.submit_review", review)
    pack = pack_of(review)
    papers = [
        _open_item(review, code, chosen, by, reason) for code, chosen in pack.items.items() if "document" in chosen
    ]
    return f"{review.reference}-home-office-pack.zip", _archive([_contents(review, pack), *papers])


def _open_item(review: Review, code: str, chosen: dict[str, Any], by: Any, reason: str) -> Piece:
    version = DocumentVersion.objects.select_related("document__review").get(
        document_id=chosen["document"], document__review=review, number=chosen["version"]
    )
    pieces, _ = download(version, by=by, reason=reason)
    ending = mimetypes.guess_extension(version.media_type) or ""
    return f"{review.reference}-{code.replace('_', '-')}{ending}", pieces


def _contents(review: Review, pack: Pack) -> Piece:
    lines = [f"{review.reference}: what this pack holds", ""]
    for code in PackItem.values:
        chosen = pack.items.get(code, {})
        held = "not needed" if chosen.get("not_needed") else f"version {chosen.get('version')}"
        lines.append(f"{PackItem(code).label}: {held}")
    return "contents.txt", iter(["\n".join(lines).encode() + b"\n"])


def _archive(papers: list[Piece]) -> Iterator[bytes]:
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for name, pieces in papers:
            with archive.open(zipfile.ZipInfo(name), "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece)
                    yield outbox.take()
    yield outbox.take()
