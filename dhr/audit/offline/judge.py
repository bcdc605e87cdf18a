"""Naming what was done to a log, from what a reading of it found."""

from __future__ import annotations

from typing import Iterable  # noqa: UP035 - reads the same on Python 3.9

from .faults import (
    BACK_DATED,
    DAMAGED,
    DELETE,
    EDIT,
    FORK,
    INSERT,
    RE_SIGNED,
    REORDER,
    REPLACED,
    REPLAYED,
    TAIL_CUT,
    Report,
)
from .notes import Checkpoint, Key
from .package import Export
from .tree import Tree, consistent, leaf_of
from .walk import LATE, Walk, lines_of, moment

FURTHEST = 2_000  # places that a moved line is looked for, up and down
MOST_MATCHED, MOST_SORTED = 40, 50_000  # lines


def judge_checkpoints(kept: list[Checkpoint], report: Report) -> list[Checkpoint]:
    """Checkpoints of one key against each other. All of them, those that were replayed without their time."""
    by_size: dict[int, Checkpoint] = {}
    for one in kept:
        other = by_size.setdefault(one.size, one)
        if other.root != one.root:
            report.blame(FORK, f"{other.where} and {one.where} are signed for {count(one.size)}, but not for the same.")
    judged = []
    largest = Checkpoint(0, b"", 0, "", signed=False)
    for one in sorted(kept, key=lambda one: (one.at, one.size)):
        replayed = one.at and one.size < largest.size and one.at > largest.at + LATE
        judged.append(one._replace(at=0) if replayed else one)
        if replayed:
            told = f"{one.where} was shipped at {moment(one.at)} for {count(one.size)}, but {count(largest.size)}"
            report.blame(REPLAYED, f"{told} had been signed by {moment(largest.at)}.")
        elif one.at and one.size >= largest.size:
            largest = one
    return judged


def judge_log(walk: Walk, report: Report) -> None:
    """The lines against their numbers, their hashes, each other, the head, and everything that was signed."""
    _numbers(walk, report)
    kind = _hashes(walk, report)
    if walk.in_order:
        kind = kind or _roots(walk, report)
        _ends(walk, report, fewer=kind == DELETE)
    if not walk.late and kind not in {DELETE, INSERT, REORDER}:
        for seq, at, before in walk.backward:
            told = f"Line {seq} is dated {moment(at)}, and the line before it {moment(before)}"
            report.blame(BACK_DATED, f"{told}: times never go back.")
    if walk.in_order and not kind:
        for told in walk.dated:
            report.blame(BACK_DATED, told)
    if not walk.proved and not report.broken:
        report.blame(DAMAGED, "A proof of inclusion in inclusion.txt is missing or does not lead to the signed root.")


def count(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _numbers(walk: Walk, report: Report) -> None:
    for seq in walk.late:
        report.blame(REORDER, f"Line {seq} stands after lines with greater numbers.")
    for seq in walk.twice:
        report.blame(INSERT, f"Line {seq} is there more than once.")
    for seq in walk.strange:
        report.blame(INSERT, f"Line {seq} stands beyond the end of the log at line {walk.facts.size}.")
    for seq in sorted(walk.missing):
        report.blame(DELETE, f"Line {seq} is missing.")


def _hashes(walk: Walk, report: Report) -> str:
    """Lines whose leaf hash is not theirs. The kind of what was done, if they were moved rather than changed."""
    ups: list[int] = []
    downs: list[int] = []
    swapped: list[int] = []
    for number, (seq, line) in enumerate(walk.odd.items()):
        steps = _moved(line.columns or [], seq, line.leaf) if number < MOST_MATCHED else 0
        if steps:
            (ups if steps > 0 else downs).append(seq)
        elif number < MOST_MATCHED and _is_elsewhere(walk, seq):
            swapped.append(seq)
        elif number < MOST_MATCHED or not (ups or downs):
            report.blame(
                EDIT, f"Line {seq} was changed after it was written: its leaf hash was made of something else."
            )
    if swapped or (ups and downs):
        places = ", ".join(map(str, sorted([*ups, *downs, *swapped])[:9]))
        report.blame(REORDER, f"Lines were put in each other's place: {places}.")
        return REORDER
    if ups:
        report.blame(
            DELETE, f"What stands as line {ups[0]} was written as a later one: lines before it were taken out."
        )
        return DELETE
    if downs:
        report.blame(
            INSERT, f"What stands as line {downs[0]} was written as an earlier one: lines were put in before it."
        )
        return INSERT
    return ""


def _moved(columns: list[object], seq: int, leaf: bytes) -> int:
    """How many places further on this line was written, by its hash; 0: no other place fits."""
    for distance in range(1, FURTHEST + 1):
        for steps in (distance, -distance):
            if leaf_of(columns, seq + steps) == leaf:
                return steps
    return 0


def _is_elsewhere(walk: Walk, seq: int) -> bool:
    """Whether what this leaf hash was made of now stands at another number whose hash does not fit either."""
    others = list(walk.odd.values())[:MOST_MATCHED]
    return any(leaf_of(other.columns or [], seq) == walk.odd[seq].leaf for other in others)


def _ends(walk: Walk, report: Report, *, fewer: bool) -> None:
    """Where the log ends, by its lines, by its head and by what was signed. `fewer`: lines before the end are known to
    have been taken out."""
    said, lines, head = walk.facts.size, walk.tree.size, walk.head
    signed = max((one.size for one in walk.kept), default=0)
    if head is None and (said or lines):
        report.blame(RE_SIGNED, "The head of the log is not signed by the log's key.")
    if lines > said and signed > said:
        report.blame(
            REPLAYED, f"The head says {count(said)}, though checkpoints of more were signed, and more are there."
        )
    elif lines > said:
        report.blame(INSERT, f"Beyond line {said}, where its head ends the log, stand {count(lines - said)} more.")
    if head and head.size < said:
        report.blame(
            REPLAYED, f"The head carries an older checkpoint, of {count(head.size)}, though it says {count(said)}."
        )
    ends = [(one.size, one.where) for one in [*walk.kept, *([head] if head else [])]]
    most, where = max([(said, "its head"), *ends])
    if most > lines and not fewer:
        report.blame(TAIL_CUT, f"The log ends at line {lines}, and had {count(most)} by {where}.")


def _roots(walk: Walk, report: Report) -> str:
    """The root at each signed size. The kind of what was done, if they differ."""
    signed = sorted([*walk.kept, *([walk.head] if walk.head else [])])
    good = [one for one in signed if walk.roots.get(one.size) == one.root]
    bad = [one for one in signed if one.size in walk.roots and walk.roots[one.size] != one.root]
    if not bad:
        return ""
    first = bad[0]
    before = max((one.size for one in good if one.size < first.size), default=0)
    kind, told = _change(walk, before, first)
    span = f"Lines {before + 1} to {first.size} are not those that {first.where} was signed for"
    if walk.head in good:
        kind = FORK if before else REPLACED
        told = f"the key has signed two pasts, which part after line {before}"
        told = (
            told if before else "nor is anything that was signed before: the log was made anew, or forked at its start"
        )
    if kind != BACK_DATED:  # the times themselves are told of elsewhere
        report.blame(kind, f"{span}; {told}.")
    return kind


def _change(walk: Walk, before: int, first: Checkpoint) -> tuple[str, str]:
    """What was done to the lines between these two, by somebody without the key."""
    lines, size = walk.tree.size, walk.head.size if walk.head else walk.facts.size
    if lines > size:
        return INSERT, f"{count(lines - size)} put in, and the hashes made to fit"
    if lines < size:
        return DELETE, f"{count(size - lines)} taken out, and the hashes made to fit"
    if any(before < seq <= first.size for seq, _, _ in walk.backward):
        if _fits_when_sorted(walk, before, first):
            return REORDER, "in the order of their times they would be"
        return BACK_DATED, "their times were changed"
    return EDIT, "what they say was changed, and the hashes made to fit"


def _fits_when_sorted(walk: Walk, before: int, first: Checkpoint) -> bool:
    if first.size - before > MOST_SORTED:
        return False
    tree, window = Tree(), []
    for line in lines_of(walk.export):
        if line.seq <= before:
            tree.add(line.leaf)
        elif line.seq <= first.size:
            if line.columns is None or type(line.columns[1]) is not int:
                return False
            window.append(line.columns)
    for seq, columns in enumerate(sorted(window, key=lambda columns: columns[1]), start=before + 1):
        tree.add(leaf_of(columns, seq))
    return tree.root() == first.root


def judge_consistency(export: Export, shipped: list[Checkpoint], head: Checkpoint | None, report: Report) -> None:
    """The proofs that each shipped checkpoint is the beginning of the next, and the last one that of the head."""
    known = {one.size: one for one in [*shipped, *([head] if head else [])] if one.size}
    chain = [known[size] for size in sorted(known)]
    lines = export.lines("consistency.txt")
    for old, new in zip(chain, chain[1:]):  # noqa: B905, RUF007 - runs on Python 3.9
        proof = next(lines, "").split(" ")
        sizes, steps = proof[:2], [bytes.fromhex(step) for step in proof[2:]]
        if sizes != [str(old.size), str(new.size)] or not consistent(old, new, steps):
            told = f"The proof in consistency.txt from {count(old.size)} to {count(new.size)} is missing or wrong"
            report.blame(DAMAGED, f"{told}.")
            return
    if next(lines, None) is not None:
        report.blame(DAMAGED, "consistency.txt proves more than was shipped.")


def collect(key: Key, lines: Iterable[tuple[str, str]], report: Report) -> list[Checkpoint]:
    """The checkpoints in these lines (where each stands, and its text) that the log's key signed."""
    found = []
    for where, text in lines:
        one = key.read_line(text, where)
        if one is None:
            report.blame(DAMAGED, f"{where} is no checkpoint.")
        elif not one.signed:
            report.blame(RE_SIGNED, f"{where} is not signed by the log's key.")
        else:
            found.append(one)
    return found
