"""Whether the access log is whole: every line, every number, the head, and every checkpoint that was shipped outside.

Reads as a stream, with memory that does not grow with the log. Writes nothing, so it runs on a copy as well.
"""

from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from .checkpoints import BadCheckpoint, SigningKeyMissing, Verifier, verifier
from .merkle import Frontier
from .models import THE_HEAD, AuditEntry, LogHead
from .shipping import Shipped, shipped

ROWS_AT_A_TIME = 2_000


class Changed(Exception):
    """The first thing that is not as it was written, as the end of a sentence."""


@dataclass(frozen=True)
class Verdict:
    """The answer in one sentence. `lines` is how many were found good."""

    whole: bool
    sentence: str
    lines: int = 0


def verify(checkpoints: Path | None = None) -> Verdict:
    """Check the log against itself and against the shipped checkpoints (of this machine, or a copy kept elsewhere)."""
    try:
        key = verifier()
        outside = _by_size(key, checkpoints)  # before the head, which may grow meanwhile but never shrink
        head = LogHead.objects.filter(pk=THE_HEAD).first()
        if head is None:
            return _of_an_empty_log(outside)
        tree = _walk(head.size, outside)
        _check_the_end(head, tree, outside, key)
    except SigningKeyMissing as error:
        return Verdict(False, f"The access log cannot be checked: {error}")
    except BadCheckpoint as error:
        return Verdict(False, f"The access log is not whole: {error}.")
    except (DatabaseError, OSError) as error:
        of_the_file = "the file of the shipped checkpoints cannot be read"
        told = of_the_file if isinstance(error, OSError) else "the database could not read it to the end"
        return Verdict(False, f"The access log cannot be checked: {told}.")
    except Changed as error:
        return Verdict(False, f"The access log is not whole: {error}.")
    return Verdict(True, f"The access log is whole: {_count(head.size)}, {_witness(outside)}.", head.size)


def _by_size(key: Verifier, path: Path | None) -> dict[int, Shipped]:
    """The shipped checkpoints by size. Two of one size that differ are a fork."""
    if path is not None and not path.exists():
        raise Changed(f"there are no shipped checkpoints at {path}")
    found: dict[int, Shipped] = {}
    for one in shipped(key, path):
        known = found.setdefault(one.checkpoint.size, one)
        if known.checkpoint.root != one.checkpoint.root:
            raise Changed(f"lines {known.line} and {one.line} of the shipped checkpoints contradict each other")
    return found


def _of_an_empty_log(outside: dict[int, Shipped]) -> Verdict:
    if AuditEntry.objects.exists():
        raise Changed("it has lines and no head")
    if outside:
        raise Changed(f"it is empty, and {_count(max(outside))} had been written when a checkpoint was shipped")
    return Verdict(True, "The access log is whole: nothing has been written yet.")


def _walk(size: int, outside: dict[int, Shipped]) -> Frontier:
    """Recompute every line up to `size`, comparing the root wherever a checkpoint was shipped."""
    tree = Frontier()
    entries = AuditEntry.objects.filter(seq__lte=size).oldest_first().iterator(chunk_size=ROWS_AT_A_TIME)
    while True:
        try:
            entry = next(entries, None)
        except (ValueError, TypeError, AttributeError) as error:  # a column holds what no append ever wrote
            raise Changed(f"a line after line {tree.size} was changed after it was written") from error
        if entry is None:
            break
        _add(tree, entry)
        witness = outside.get(tree.size)
        if witness is not None and witness.checkpoint.root != tree.root():
            raise Changed(f"its first {_count(tree.size)} are not those of the checkpoint shipped at {witness.at}")
    if tree.size != size:
        raise Changed(f"line {tree.size + 1} is missing")
    return tree


def _add(tree: Frontier, entry: AuditEntry) -> None:
    if entry.seq != tree.size + 1:
        raise Changed(f"line {tree.size + 1} is missing")
    try:
        leaf = entry.computed_leaf()
    except (ValueError, TypeError, AttributeError):
        leaf = b""
    if leaf != bytes(entry.leaf):
        raise Changed(f"line {entry.seq} was changed after it was written")
    tree.add(leaf)


def _check_the_end(head: LogHead, tree: Frontier, outside: dict[int, Shipped], key: Verifier) -> None:
    beyond = max(outside, default=0)
    if beyond > head.size:
        raise Changed(f"it ends at line {head.size}, and had {_count(beyond)} at {outside[beyond].at}")
    if bytes(head.root) != tree.root() or bytes(head.frontier) != bytes(tree):
        raise Changed("its lines are not those that its head was made from")
    try:
        note = key.read(head.checkpoint)
    except BadCheckpoint as error:
        raise Changed("its head is not signed by this log's key") from error
    if (note.size, note.root) != (head.size, tree.root()):
        raise Changed("its head is signed for other lines")
    last = AuditEntry.objects.newest_first().values_list("seq", flat=True).first() or 0
    now = LogHead.objects.get(pk=THE_HEAD).size  # read after the last line: an honest head is never behind it
    if last > now:
        raise Changed(f"line {last} stands beyond its end at line {now}")


def _count(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _witness(outside: dict[int, Shipped]) -> str:
    if not outside:
        return "but no checkpoint has been shipped yet, so a cut at the end could not be seen"
    last = outside[max(outside)]
    many = "1 shipped checkpoint" if len(outside) == 1 else f"{len(outside):,} shipped checkpoints"
    return f"checked against {many}, the last at {last.at}"
