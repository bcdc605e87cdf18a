"""Every proof of a log at once: all nodes of its Merkle tree kept, 64 bytes an entry. Plain Python.

The proofs are those of dhr.audit.merkle, which makes one of them from a short list of leaves.
"""

from collections.abc import Iterable, Iterator

from .merkle import EMPTY_ROOT, HASH_BYTES, node_hash


class WholeTree:
    """The nodes of a growing tree, level by level: node `i` of level `k` covers the leaves from i*2^k to (i+1)*2^k."""

    def __init__(self) -> None:
        self._levels = [bytearray()]

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH_BYTES

    def add(self, leaf: bytes) -> None:
        """Add the hash of one more leaf."""
        for level in self._levels:
            level.extend(leaf)
            if len(level) % (2 * HASH_BYTES):
                return
            leaf = node_hash(bytes(level[-2 * HASH_BYTES : -HASH_BYTES]), leaf)
        self._levels.append(bytearray(leaf))

    def root(self, first: int, end: int) -> bytes:
        """MTH of the leaves from `first` up to `end`; `first` must be the beginning of a subtree of RFC 6962."""
        size = end - first
        if size == 0:
            return EMPTY_ROOT
        if size & (size - 1) == 0:
            level, place = size.bit_length() - 1, HASH_BYTES * (first // size)
            return bytes(self._levels[level][place : place + HASH_BYTES])
        middle = first + _split(size)
        return node_hash(self.root(first, middle), self.root(middle, end))

    def inclusion(self, numbers: Iterable[int]) -> Iterator[tuple[int, list[bytes]]]:
        """For each of these leaves (from 0, ascending): its proof in the whole tree (RFC 6962 section 2.1.1), as how many
        hashes at its end are those of the proof before it, and the hashes before them."""
        subtrees = [(0, len(self))]
        beside: list[bytes] = []  # from the root downwards
        for number in numbers:
            while not subtrees[-1][0] <= number < subtrees[-1][1]:
                subtrees.pop()
                beside.pop()
            kept = len(beside)
            first, end = subtrees[-1]
            while end - first > 1:
                middle = first + _split(end - first)
                other = (middle, end) if number < middle else (first, middle)
                first, end = (first, middle) if number < middle else (middle, end)
                beside.append(self.root(*other))
                subtrees.append((first, end))
            yield kept, beside[: kept - 1 if kept else None : -1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """PROOF(first, second leaves), RFC 6962 section 2.1.2. Raises IndexError unless 0 < first <= second <= size."""
        if not 0 < first <= second <= len(self):
            raise IndexError("There was no such tree.")
        start, end, whole, found = 0, second, True, list[bytes]()
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                found.append(self.root(middle, end))
                end = middle
            else:
                found.append(self.root(start, middle))
                start, whole = middle, False
        return [*([] if whole else [self.root(start, end)]), *reversed(found)]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
