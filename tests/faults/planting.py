"""Faults that happen at one chosen moment of a request: before its n-th statement, at a commit, or to the process itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper


class Moment:
    """Counts down to the moment of the fault. `came` says whether it was ever reached."""

    def __init__(self, number: int, fault: Callable[[], None]) -> None:
        self.left, self.fault, self.came = number, fault, False

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.came = True
            self.fault()


def database_says_no() -> None:
    raise OperationalError("planted: the database does not answer")


def connection_is_cut() -> None:
    """As a network does it: the driver finds a closed connection, and so does everything after. SQLite has no network."""
    if connection.vendor == "sqlite":
        raise InterfaceError("planted: the connection is closed")
    if connection.connection is not None:
        connection.connection.close()


def process_is_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def at_statement(number: int, fault: Callable[[], None]) -> Iterator[Moment]:
    """The fault before the n-th statement of the request."""
    moment = Moment(number, fault)

    def before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        moment.tick()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield moment


@contextmanager
def at_commit(number: int, fault: Callable[[], None], *, afterwards: bool = False) -> Iterator[Moment]:
    """The fault at the n-th commit: instead of it, or when it has gone through but nobody heard."""
    moment, commit = Moment(number, fault), BaseDatabaseWrapper._commit

    def faulty(self: Any) -> Any:
        if not afterwards:
            moment.tick()
        result = commit(self)
        if afterwards:
            moment.tick()
        return result

    with mock.patch.object(BaseDatabaseWrapper, "_commit", faulty):
        yield moment


@contextmanager
def read_only_database() -> Iterator[None]:
    """A database that reads and does not write: a full disk, a standby that was not promoted."""
    switch = {"sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0")}.get(
        connection.vendor, ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(switch[0])
    try:
        yield
    finally:
        connection.close()  # a fresh one writes again
