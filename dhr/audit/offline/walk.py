"""One reading of the log, from its first line to its last, in memory that does not grow with it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Iterator, NamedTuple  # noqa: UP035 - reads the same on Python 3.9

from .faults import DAMAGED, Report, Unusable
from .notes import Checkpoint
from .package import Export, Facts
from .tree import Inclusion, Tree, leaf_of

LATE = (
    15 * 60 * 1_000_000
)  # microseconds that a shipped checkpoint's hint and the time of a line may honestly lie apart
MOST_ODD, MOST_MISSING = 1_000, 1_000_000
NO_LEAF = b"\0" * 32


class Line(NamedTuple):
    """A line of log.jsonl. `columns` is None where only the hash is shown."""

    seq: int
    columns: list[Any] | None
    leaf: bytes


def lines_of(export: Export) -> Iterator[Line]:
    """Raises Unusable where a line is neither an entry nor a hash."""
    for number, text in enumerate(export.lines("log.jsonl"), start=1):
        try:
            told = json.loads(text)
            leaf = bytes.fromhex(told[-1])
            good = isinstance(told, list) and len(told) in {2, 12} and type(told[0]) is int and len(leaf) == 32
        except (ValueError, TypeError, LookupError, RecursionError):
            good = False
        if not good:
            raise Unusable(f"Line {number} of log.jsonl is written neither as an entry nor as a hash.")
        yield Line(told[0], told if len(told) == 12 else None, leaf)


def moment(at: int) -> str:
    try:
        return f"{datetime(1970, 1, 1) + timedelta(microseconds=at):%Y-%m-%d %H:%M:%S} UTC"  # noqa: DTZ001
    except OverflowError:
        return f"{at} microseconds after 1970"


def beginning_of(day: str) -> int:
    """In UTC: in the time zone of the log the day has begun by then."""
    return (datetime.fromisoformat(day) - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001


class Walk:
    """What a reading found: the tree, its root wherever a checkpoint wants it, and what stood out."""

    def __init__(self, export: Export, facts: Facts, head: Checkpoint | None, kept: list[Checkpoint]) -> None:
        self.export, self.facts, self.head, self.kept = export, facts, head, kept
        self.tree, self.roots = Tree(), {0: Tree().root()}
        self.missing: set[int] = set()  # numbers that were passed over, and have not come yet
        self.late: list[int] = []  # numbers that came after greater ones
        self.twice: list[int] = []
        self.strange: list[int] = []  # numbers beyond the end that do not go on from it
        self.odd: dict[int, Line] = {}  # lines whose leaf hash is not theirs
        self.backward: list[tuple[int, int, int]] = []  # a line, its time, and the later time of the line before
        self.dated: list[str] = []  # what is said of times that do not fit a checkpoint's
        self.hidden = self.shown = self.newest = self._floor = 0
        self.proved = True
        self._day = beginning_of(facts.since) if facts.since and not facts.review else None
        self._wanted: dict[int, list[Checkpoint]] = defaultdict(list)
        for checkpoint in [*kept, *([head] if head else [])]:
            self._wanted[checkpoint.size].append(checkpoint)
        to_the_head = (head.size, head.root) if head else (0, b"")
        self._proofs = Inclusion(export.lines("inclusion.txt"), *to_the_head)

    @property
    def in_order(self) -> bool:
        return not (self.missing or self.late or self.twice or self.strange)

    def read(self, report: Report) -> None:
        last = 0
        for line in lines_of(self.export):
            if line.seq == last + 1 or not self._is_out_of_place(line.seq, last):
                last = line.seq
                self._take(line, report)
        self.proved = self.proved and self._proofs.is_at_its_end()
        self.roots[self.tree.size] = self.tree.root()

    def _is_out_of_place(self, seq: int, last: int) -> bool:
        """Whether to leave this line aside. A gap is passed over: what is missing may still come."""
        if seq in self.missing:
            self.missing.remove(seq)
            self.late.append(seq)
            return True
        if seq <= last or seq > max(self.facts.size, last + 1):
            (self.twice if seq <= last else self.strange).append(seq)
            return True
        if seq - last + len(self.missing) > MOST_MISSING:
            raise Unusable(f"Line {last + 1} is missing, and so many more that this is no export.")
        self.missing.update(range(last + 1, seq))
        return False

    def _take(self, line: Line, report: Report) -> None:
        if line.columns is None:
            self._hide(line.seq, report)
        else:
            self._show(line, line.columns, report)
        if not self.in_order:
            return
        self.tree.add(line.leaf)
        if self.tree.size in self._wanted:
            self._pass(self._wanted[self.tree.size])

    def _hide(self, seq: int, report: Report) -> None:
        self.hidden += 1
        if not self.facts.review and (self.shown or not self.facts.since):
            report.blame(DAMAGED, f"Line {seq} is there as a hash only, though this export says that it shows it.")
        elif self._day is not None and self._floor - LATE >= self._day:
            told = f"Line {seq} is there as a hash only, though a checkpoint shipped at {moment(self._floor)} was before it"
            report.blame(DAMAGED, f"{told}, and this export says that it shows the lines from {self.facts.since} on.")

    def _show(self, line: Line, columns: list[Any], report: Report) -> None:
        self.shown += 1
        if leaf_of(columns, line.seq) != line.leaf and len(self.odd) < MOST_ODD:
            self.odd[line.seq] = line
        self.proved = self.proved and self._proofs.holds(line.seq, line.leaf)
        at = columns[1]
        if type(at) is not int:
            return
        if at < self.newest:
            self.backward.append((line.seq, at, self.newest))
        if at < self._floor - LATE:
            told = f"Line {line.seq} is dated {moment(at)}, and was not there yet when a checkpoint was shipped at"
            self._date(f"{told} {moment(self._floor)}.")
        self.newest = at

    def _pass(self, here: list[Checkpoint]) -> None:
        """Past these checkpoints: what they cover is not later than they are, what follows not much earlier."""
        self.roots[self.tree.size] = self.tree.root()
        hints = [checkpoint.at for checkpoint in here if checkpoint.at]
        if hints and self.newest > min(hints) + LATE:
            told = f"Line {self.tree.size} or one before it is dated {moment(self.newest)}, and stood already under a"
            self._date(f"{told} checkpoint shipped at {moment(min(hints))}.")
        self._floor = max([self._floor, *hints])

    def _date(self, sentence: str) -> None:
        if len(self.dated) < MOST_ODD:
            self.dated.append(sentence)
