"""A paper's bytes on their way into the vault: gathered in a few buffers that go round, and hashed beside the sealing.

On two cores a long paper is sealed about twice as fast so: the SHA-256 takes a core of its own, and no memory is asked for
on the way, which the system would have to clear first.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

BATCH_BYTES = 1 << 20  # a buffer, handed to the other thread when it is full; a paper with less is hashed here
MOST_BEHIND = 4  # buffers that may wait for it: an upload holds no more than these and the one that is being filled


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="dhr-sha256")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its parent's threads


class Gathering:
    """`add` what comes, however large or small, and seal the steps that are full; then `rest`, and the SHA-256 of it all.

    A step is lent: it is overwritten once the next has been asked for. `step` is its bytes, a part of BATCH_BYTES.
    """

    def __init__(self, step: int) -> None:
        self.size = 0  # bytes that came
        self._step = step
        self._digest = hashlib.sha256()
        self._buffer = memoryview(bytearray(BATCH_BYTES))
        self._filled = self._given = 0  # bytes of the buffer
        self._behind: deque[tuple[memoryview, Future[None]]] = deque()

    def add(self, content: bytes) -> Iterator[memoryview]:
        """The steps that this fills. Raises what failed in the other thread."""
        self.size += len(content)
        rest = memoryview(content)
        while rest:
            taken = min(len(rest), self._given + self._step - self._filled)
            self._buffer[self._filled : self._filled + taken] = rest[:taken]
            self._filled, rest = self._filled + taken, rest[taken:]
            if self._filled == self._given + self._step:
                yield self._buffer[self._given : self._filled]
                self._given = self._filled
                if self._filled == BATCH_BYTES:
                    self._hand_over()

    def rest(self) -> memoryview:
        """What came and was in no step."""
        return self._buffer[self._given : self._filled]

    def digest(self) -> bytes:
        """The SHA-256 of all that came. Nothing can be added after it."""
        while self._behind:
            self._behind.popleft()[1].result()
        self._digest.update(self._buffer[: self._filled])
        self._filled = self._given = 0
        return self._digest.digest()

    def _hand_over(self) -> None:
        """Have the full buffer hashed, and go on in a new one or in the first that is free again."""
        before = self._behind[-1][1] if self._behind else None
        self._behind.append((self._buffer, _threads().submit(self._hash, self._buffer, before)))
        self._filled = self._given = 0
        if len(self._behind) <= MOST_BEHIND:
            self._buffer = memoryview(bytearray(BATCH_BYTES))
        else:
            self._buffer, hashed = self._behind.popleft()
            hashed.result()

    def _hash(self, batch: memoryview, before: "Future[None] | None") -> None:
        if before is not None:
            before.result()  # in order, whichever thread takes it
        self._digest.update(batch)
