"""Entries, and the Merkle tree over them (RFC 6962 section 2.1), with its proofs."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Iterator  # noqa: UP035 - reads the same on Python 3.9

from .notes import Checkpoint

COLUMNS = (int, int, str, int, int, str, str, str, str, int, str)
MAY_BE_NONE = (3, 4, 5, 9)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT = re.compile(r"0|[1-9][0-9]?")
DEEPEST = 64  # hashes in a proof


def leaf_of(columns: list[Any], seq: int) -> bytes:
    """The leaf hash of an entry, as if this were its number; nothing if no entry could have such columns."""
    for place, kind in enumerate(COLUMNS):
        value = columns[place]
        if type(value) is not kind and not (value is None and place in MAY_BE_NONE):
            return b""
    _, at, event, person, behalf, review, reference, thing, number, version, details = columns[:11]
    if review is not None and not UUID.fullmatch(review):
        return b""
    try:
        entry = (
            f"dhr-access-log/1\n{seq}\n{at}\n{sized(event)}\n{number_of(person)}\n{number_of(behalf)}\n"
            f"{review or '-'}\n{sized(reference)}\n{sized(thing)}\n{sized(number)}\n{number_of(version)}\n{sized(details)}\n"
        )
        return sha256(b"\0" + entry.encode()).digest()
    except UnicodeEncodeError:  # half of a pair of surrogates: no text
        return b""


def sized(text: str) -> str:
    return f"{len(text.encode())}:{text}"


def number_of(value: int | None) -> str:
    return "-" if value is None else str(value)


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Tree:
    """Held as the roots of its perfect subtrees, largest first: the binary digits of the size say which there are."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        digits = self.size
        while digits & 1:
            leaf = node(self.edge.pop(), leaf)
            digits >>= 1
        self.edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.edge:
            return sha256(b"").digest()
        root = self.edge[-1]
        for left in self.edge[-2::-1]:
            root = node(left, root)
        return root


def climb(index: int, last: int, found: bytes, step: bytes) -> tuple[int, int, bytes]:
    """One step from a leaf to the root (RFC 9162 section 2.1.3.2)."""
    if index & 1 or index == last:
        found = node(step, found)
        while index and not index & 1:
            index, last = index >> 1, last >> 1
    else:
        found = node(found, step)
    return index >> 1, last >> 1, found


class Inclusion:
    """Checks the proofs of inclusion in their order; of each only what differs from the proof before it, because from
    where two proofs meet, they are one."""

    def __init__(self, lines: Iterator[str], size: int, root: bytes) -> None:
        self._lines, self._size = lines, size
        self._before: list[tuple[int, int, bytes]] = [(0, 0, root)]  # where each step of the last proof began; its end

    def holds(self, seq: int, leaf: bytes) -> bool:
        number, kept, *steps = (next(self._lines, "") + " ").split(" ")
        steps = steps[:-1]
        if number != str(seq) or not KEPT.fullmatch(kept) or not 0 < seq <= self._size or len(steps) > DEEPEST:
            return False
        again = int(kept) + 1
        states = [(seq - 1, self._size - 1, leaf)]
        for step in steps:
            states.append(climb(*states[-1], bytes.fromhex(step)))
        if again > len(self._before) or states[-1] != self._before[-again]:
            return False
        self._before = [*states[:-1], *self._before[-again:]]
        return True

    def is_at_its_end(self) -> bool:
        return next(self._lines, None) is None


def consistent(old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> bool:
    """Whether the tree of `old` is the beginning of that of `new` (RFC 9162 section 2.1.4.2)."""
    if old.size == new.size or not proof:
        return old.size == new.size and old.root == new.root and not proof
    path = proof if old.size & (old.size - 1) else [old.root, *proof]
    index, last = old.size - 1, new.size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    then = now = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            then = node(step, then)
        index, last, now = climb(index, last, now, step)
    return last == 0 and (then, now) == (old.root, new.root)
