"""Django's SQLite engine in which writers wait their turn instead of failing with "database is locked".

SQLite's own busy handler sleeps for growing spells and is unfair: under eight writers one in a hundred waits more than
a second. Here a transaction first takes its place in a queue, a kernel lock on the file `<database>.wlock`, so that
SQLite itself never meets a second writer. The kernel frees the lock when a process dies, however it dies.

It must be used with OPTIONS["transaction_mode"] = "IMMEDIATE": then every transaction is a writer from its first
statement, and select_for_update, which SQLite does not have, is true all the same. A database in memory has no other
process and no queue.

OPTIONS["timeout"] (seconds) bounds the wait for other threads of this process; beyond it OperationalError is raised
with nothing done. Between processes the wait ends with the other's transaction.
"""

import fcntl
import os
import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

DEFAULT_TIMEOUT = 20.0  # seconds; SQLite's own default of 5 is too short while an upload is being filed
_locks: dict[str, threading.Lock] = {}  # one for each file's threads: two files must not wait for each other
os.register_at_fork(after_in_child=_locks.clear)  # no thread of the child would ever release what it inherits


class Turn:
    """One writer's place at the head of the queue, held from BEGIN to COMMIT or ROLLBACK."""

    def __init__(self, name: str, timeout: float) -> None:
        self._thread = _locks.setdefault(name, threading.Lock())
        if not self._thread.acquire(timeout=timeout):
            raise OperationalError(
                f"Another transaction kept the database busy for {timeout:g} seconds. Nothing was changed: try again."
            )
        try:
            self._file = os.open(f"{name}.wlock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except BaseException:
            self._thread.release()
            raise
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Let the next writer in."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_UN)  # not by closing alone: a forked child may hold a copy
        finally:
            os.close(self._file)
            self._thread.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues before each transaction and leaves the queue when the transaction has ended.

    The hooks are Django's own, private ones: the stubs do not know them, and the tests would notice if they went.
    """

    _turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if not self.is_in_memory_db():
            timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
            self._turn = Turn(os.path.realpath(self.settings_dict["NAME"]), timeout)
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.end()

    def _commit(self) -> Any:
        result = super()._commit()  # type: ignore[misc]
        self._leave()  # only now: after a failed commit the transaction is still open, until Django rolls it back
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # SQLite rolls back what was open
        finally:
            self._leave()
