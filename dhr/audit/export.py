"""The log as a file that a stranger can check: a zip, made as it is sent (docs/formats/access-log-v1.md, "The export").

Reads rows as they lie in the database, so that a damaged log can be handed over as evidence too. Bounded by the head as
it stood at the beginning: what is written meanwhile is not in it. Holds 72 bytes an entry, for the proofs.
"""

import io
import json
import zipfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import UUID

from dhr import clock
from restricted_docs.strongroom import PARTNERSHIP
from restricted_docs.vault.receipt import Scope

from . import log, offline, rows, shipping
from .checkpoints import BadCheckpoint, verifier
from .line import Line
from .models import THE_HEAD, AuditEntry, LogHead
from .proofs import WholeTree
from .readme import README

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

FORMAT = "dhr-access-log-export/1"
LONGEST_NOTE, LONGEST_SHIPPED = 4_000, 1_000  # bytes: what is longer was not written by the log, and is cut
TOLD_EVERY = 10_000  # entries
BLOCK = 65_536  # bytes
Telling = Callable[[int, int], None]


class NothingToExport(Exception):
    """The log has no entry of this review; the words say so."""


@dataclass(frozen=True)
class Wanted:
    """Which entries are shown in full; the others are there as leaf hashes. `reference`: those of one review, also under
    its earlier reference; `since`: those from this day on, in the statute's time zone."""

    reference: str = ""
    since: date | None = None

    def reviews(self) -> list[UUID]:
        """The reviews of that reference. Raises NothingToExport when no entry bears it."""
        if not self.reference:
            return []
        named = AuditEntry.objects.filter(reference=self.reference).order_by()
        if not named.exists():
            raise NothingToExport(f"No line of the access log bears the reference {self.reference}.")
        reviews = named.filter(review__isnull=False).values_list("review", flat=True).distinct()
        return [review for review in reviews if review is not None]

    def told(self) -> str:
        """As the log may hold it."""
        words = ["with proofs"]
        words += [f"reference:{self.reference}"] if self.reference else []
        words += [f"since:{self.since:%Y-%m-%d}"] if self.since else []
        return ", ".join(words)


def record(wanted: Wanted, *, person: int | None) -> None:
    """Commit the line that says who exports what, before anything is. Raises LogUnavailable and NothingToExport."""
    reviews = wanted.reviews()
    line = Line(
        event="log.exported",
        person=person,
        review=reviews[0] if len(reviews) == 1 else None,
        reference=wanted.reference,
        details={"filters": wanted.told()},
    )
    log.append_first(line, container=PARTNERSHIP, scope=Scope.NARRATIVE)


def stream(wanted: Wanted, *, recorded: bool = True, tell: Telling = lambda done, of: None) -> Iterator[bytes]:
    """The zip, piece by piece. `recorded`: whether the export is in the log; `tell`: how many entries of how many are done.

    Raises, before the first piece, SigningKeyMissing and NothingToExport.
    """
    making = _Making(wanted, recorded=recorded, tell=tell)
    return making.pieces()


class _Making:
    def __init__(self, wanted: Wanted, *, recorded: bool, tell: Telling) -> None:
        self.key, self.wanted, self.recorded, self.tell = verifier(), wanted, recorded, tell
        self.shipped = shipping.shipped_bytes()  # before the head, which may grow meanwhile but never shrink
        head = LogHead.objects.filter(pk=THE_HEAD).first()
        self.size, self.note = (head.size, str(head.checkpoint)) if head else (0, "")
        self.selection = rows.Selection(wanted.reference, wanted.reviews(), wanted.since)
        self.tree, self.shown, self.signed = WholeTree(), array("Q"), {self.size}

    def pieces(self) -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
            for name, lines in self._members():
                about = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
                about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
                with made.open(about, "w", force_zip64=True) as member:
                    for block in _blocks(lines):
                        member.write(block)
                        yield from sink.taken()
                yield from sink.taken()
        yield from sink.taken()

    def _members(self) -> Iterator[tuple[str, Iterable[str]]]:
        """In the order in which they can be made: the proofs need every leaf."""
        yield "README.txt", [README.format(origin=self.key.origin, shown=self._shown_in_words())]
        yield "verify.py", [offline.one_file()]
        yield "key.txt", [f"{self.key}\n"]
        yield "export.json", [self._facts()]
        yield "checkpoint.txt", [self.note[:LONGEST_NOTE]]
        yield "checkpoints.log", self._shipped()
        yield "log.jsonl", self._entries()
        yield "inclusion.txt", self._inclusion()
        yield "consistency.txt", self._consistency()

    def _facts(self) -> str:
        wanted = self.wanted
        facts = {
            "format": FORMAT,
            "size": self.size,
            "review": wanted.reference,
            "since": f"{wanted.since:%Y-%m-%d}" if wanted.since else "",
            "made": f"{clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "recorded": self.recorded,
        }
        return json.dumps(facts, indent=1) + "\n"

    def _shown_in_words(self) -> str:
        words = f"the lines of {self.wanted.reference}" if self.wanted.reference else "the lines"
        return words + (f" from {self.wanted.since:%Y-%m-%d} on" if self.wanted.since else "")

    def _shipped(self) -> Iterator[str]:
        for number, line in enumerate(shipping.first_lines(self.shipped, LONGEST_SHIPPED), start=1):
            with suppress(BadCheckpoint):  # it goes into the export as it is, and whoever checks it will say so
                self.signed.add(shipping.read_shipped(number, line, self.key).checkpoint.size)
            yield line

    def _entries(self) -> Iterator[str]:
        for row in rows.up_to(self.size):
            shown = self.selection.has(row)
            if shown:
                self.shown.append(len(self.tree))
            self.tree.add(rows.leaf(row))
            yield rows.told(row) if shown else rows.hidden(row)
            if len(self.tree) % TOLD_EVERY == 0:
                self.tell(len(self.tree), self.size)
        yield from map(rows.told, rows.beyond(self.size))
        self.tell(len(self.tree), self.size)

    def _inclusion(self) -> Iterator[str]:
        for number, (kept, proof) in zip(self.shown, self.tree.inclusion(self.shown), strict=True):
            yield " ".join([str(number + 1), str(kept), *(one.hex() for one in proof)]) + "\n"

    def _consistency(self) -> Iterator[str]:
        sizes = sorted(size for size in self.signed if 0 < size <= len(self.tree))
        for first, second in pairwise(sizes):
            yield (
                " ".join([str(first), str(second), *(one.hex() for one in self.tree.consistency(first, second))]) + "\n"
            )


class _Sink(io.RawIOBase):
    """What the zip is written to: holds it until it is taken. Cannot be wound back, so the zip is written as a stream."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "Buffer") -> int:
        self._held.append(bytes(piece))
        return len(self._held[-1])

    def taken(self) -> list[bytes]:
        """What was written since the last time, in one piece."""
        held, self._held = self._held, []
        return [b"".join(held)] if held else []


def _blocks(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines by the block: the zip is quicker with few large pieces."""
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= BLOCK:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
