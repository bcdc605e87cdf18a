"""SHA-256 of a paper, taken beside its sealing: on two cores a long paper is sealed about twice as fast so."""

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

WORTH_A_THREAD = 1 << 17  # bytes; a shorter step is hashed sooner than it is handed over


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="dhr-sha256")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_threads.cache_clear)  # a child has none of its parent's threads


class Sha256Beside:
    """As hashlib's, but a long step is hashed by another thread, which is never more than that one step behind."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._behind: Future[None] | None = None

    def update(self, step: bytes) -> None:
        self._catch_up()
        if len(step) < WORTH_A_THREAD:
            self._digest.update(step)
        else:
            self._behind = _threads().submit(self._digest.update, step)

    def digest(self) -> bytes:
        self._catch_up()
        return self._digest.digest()

    def hexdigest(self) -> str:
        return self.digest().hex()

    def _catch_up(self) -> None:
        if self._behind is not None:
            self._behind.result()
            self._behind = None
