"""SHA-256 of a paper, taken beside its sealing: on two cores a long paper is sealed about twice as fast so."""

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

BATCH_BYTES = 1 << 19  # handed to the other thread at a time; a paper with less is hashed here
MOST_BEHIND = 2  # batches that may wait for it: an upload holds no more than these in memory


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="dhr-sha256")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its parent's threads


class Sha256Beside:
    """As hashlib's, but of a long paper the bytes are hashed by another thread, a few batches behind."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._batch: list[bytes] = []
        self._batched = 0
        self._behind: deque[Future[None]] = deque()

    def update(self, step: bytes) -> None:
        self._batch.append(step)
        self._batched += len(step)
        if self._batched >= BATCH_BYTES:
            while len(self._behind) >= MOST_BEHIND:
                self._behind.popleft().result()
            before = self._behind[-1] if self._behind else None
            self._behind.append(_threads().submit(self._hash, self._batch, before))
            self._batch, self._batched = [], 0

    def digest(self) -> bytes:
        while self._behind:
            self._behind.popleft().result()
        self._hash(self._batch)
        self._batch, self._batched = [], 0
        return self._digest.digest()

    def hexdigest(self) -> str:
        return self.digest().hex()

    def _hash(self, batch: list[bytes], before: "Future[None] | None" = None) -> None:
        if before is not None:
            before.result()  # in order, whichever thread takes it
        for step in batch:
            self._digest.update(step)
