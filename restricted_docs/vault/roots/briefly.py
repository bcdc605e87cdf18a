"""Remembering, for a minute, what a key service across the network has opened: a page with thirty texts asks it once.

What is remembered is found by the wrapped key as it stands in its file, and that file is read each time: a key that was
destroyed opens nothing from that moment, in any process. Only a key withdrawn at the service works on for a minute.
"""

import threading
import time

from ..rootkeys import RootKind

SECONDS = 60
MOST = 256  # keys; then all are forgotten


class Briefly:
    """A root that asks the one behind it no more than once a minute for the same wrapped key."""

    def __init__(self, root: RootKind, seconds: float = SECONDS) -> None:
        self._root = root
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: dict[tuple[str, bytes, bytes], tuple[float, bytes]] = {}

    @property
    def prefix(self) -> str:
        return self._root.prefix

    def unwrap(self, key_id: str, blob: bytes, aad: bytes) -> bytes:
        place, now = (key_id, blob, aad), time.monotonic()
        with self._lock:
            until, key = self._known.get(place, (0.0, b""))
        if now < until:
            return key
        key = self._root.unwrap(key_id, blob, aad)
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[place] = now + self._seconds, key
        return key

    def current_id(self) -> str:
        return self._root.current_id()

    def wrap(self, key: bytes, aad: bytes) -> tuple[str, bytes]:
        return self._root.wrap(key, aad)

    def rewrap(self, key_id: str, blob: bytes, aad: bytes) -> tuple[str, bytes]:
        return self._root.rewrap(key_id, blob, aad)

    def renew(self) -> str:
        return self._root.renew()
